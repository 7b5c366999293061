"""A measure: listed → ordered, or blocked until identified → executed."""

from enum import StrEnum

from services.registry.decree import Decree
from services.registry.measure import refusals
from services.registry.measure.kinds import EXPLANATIONS, obstacle
from shared.contracts.event import Event
from shared.contracts.registry import (
    BlockReason,
    Confidence,
    MeasureBlocked,
    MeasureExecuted,
    MeasureIdentified,
    MeasureKind,
    MeasureListed,
    MeasureOrdered,
)
from shared.domain import Aggregate, Lifecycle, Moment, Step


class MeasureState(StrEnum):
    """Where a measure stands."""

    UNKNOWN = "unknown"
    LISTED = "listed"
    BLOCKED = "blocked"
    ORDERED = "ordered"
    EXECUTED = "executed"


class Measure(Aggregate):
    """A row of a decree's table (``298-2025-a2-r01``); None stands for what no source tells.

    A doubtful feasibility warns whoever reads it and stops nothing.
    """

    kind = "measure"
    lifecycle = Lifecycle(
        MeasureState.UNKNOWN,
        Step(MeasureListed, (MeasureState.UNKNOWN,), MeasureState.LISTED),
        Step(MeasureIdentified, (MeasureState.LISTED, MeasureState.BLOCKED), MeasureState.LISTED),
        Step(MeasureBlocked, (MeasureState.LISTED, MeasureState.BLOCKED), MeasureState.BLOCKED),
        Step(MeasureOrdered, (MeasureState.LISTED, MeasureState.BLOCKED), MeasureState.ORDERED),
        Step(MeasureExecuted, (MeasureState.ORDERED,), MeasureState.EXECUTED),
    )

    state: MeasureState = MeasureState.UNKNOWN
    row: MeasureListed | None = None
    mission: str | None = None
    receiver: str | None = None
    blocked_by: BlockReason | None = None

    @property
    def listed(self) -> MeasureListed:
        """The row as it was listed; refuses as not found where it was not."""
        self.must_exist()
        assert self.row is not None, "an existing measure begins with its listing"
        return self.row

    @property
    def closes_mission(self) -> bool:
        """Whether the mission is closed by this measure."""
        return self.listed.measure_kind.closes_mission

    def list_in(self, decree: Decree, row: MeasureListed, moment: Moment) -> None:
        """Enter the row of a table that the decree names."""
        if self.exists:
            raise refusals.MeasureExists(measure=self.id)
        if decree.id != row.decree or decree.measures.get(self.id) != row.article:
            raise refusals.MeasureNotInDecree(measure=self.id, decree=row.decree, article=row.article)
        self._check_receiver(row.measure_kind, row.mission, row.receiver)
        self.record(row, moment)

    def identify(
        self,
        mission: str | None,
        receiver: str | None,
        confidence: Confidence,
        source: str,
        moment: Moment,
    ) -> None:
        """Name what the row left unknown, with the source that tells it; the row can then be ordered.

        Until it is ordered an identification may be corrected by another; what the row itself says may not.
        """
        row = self.listed
        if self.state not in (MeasureState.LISTED, MeasureState.BLOCKED):
            raise refusals.MeasureSettled(measure=self.id, state=self.state.value)
        named = (
            self._named(row.mission, self.mission, mission),
            self._named(row.receiver, self.receiver, receiver),
        )
        if named == (self.mission, self.receiver):
            raise refusals.NothingIdentified(measure=self.id)
        self._check_receiver(row.measure_kind, *named)
        self.record(
            MeasureIdentified(
                decree=row.decree,
                article=row.article,
                mission=named[0],
                receiver=named[1],
                confidence=confidence,
                source=source,
                former_mission=None if named[0] == self.mission else self.mission,
            ),
            moment,
        )

    def order(self, decree: Decree, moment: Moment) -> bool:
        """Order the measure, or block it where its row leaves unknown what it needs.

        Returns whether it is ordered. Refuses where the decree is not in force or a hold covers the
        row, and where it is blocked already for the same reason.
        """
        row = self.listed
        if self.state not in (MeasureState.LISTED, MeasureState.BLOCKED):
            raise refusals.MeasureSettled(measure=self.id, state=self.state.value)
        decree.check_executable(row.article, self.id)
        reason = obstacle(row.measure_kind, self.mission, self.receiver)
        if reason is not None:
            self._block(row, reason, moment)
            return False
        assert self.mission is not None, "a row without a mission has an obstacle"
        self.record(
            MeasureOrdered(
                decree=row.decree,
                article=row.article,
                row=row.row,
                measure_kind=row.measure_kind,
                mission=self.mission,
                receiver=self.receiver,
                procedure=decree.procedure,
            ),
            moment,
        )
        return True

    def execute(self, evidence: tuple[str, ...], moment: Moment) -> None:
        """Declare a measure executed that closes no mission."""
        if self.closes_mission:
            raise refusals.ExecutedByClosing(measure=self.id, mission=self.mission)
        self._execute(evidence, moment)

    def execute_by_closing(self, moment: Moment) -> None:
        """Execute the measure together with the closing of its mission."""
        self._execute((), moment)

    def _execute(self, evidence: tuple[str, ...], moment: Moment) -> None:
        row = self.listed
        if self.state is not MeasureState.ORDERED or self.mission is None:
            raise refusals.MeasureNotOrdered(measure=self.id, state=self.state.value)
        self.record(
            MeasureExecuted(decree=row.decree, article=row.article, mission=self.mission, evidence=evidence),
            moment,
        )

    def _block(self, row: MeasureListed, reason: BlockReason, moment: Moment) -> None:
        if self.blocked_by is reason:
            raise refusals.MeasureIsBlocked(measure=self.id, reason=reason.value)
        blocked = MeasureBlocked(
            decree=row.decree, article=row.article, reason=reason, explanation=EXPLANATIONS[reason]
        )
        self.record(blocked, moment)

    def _named(self, in_row: str | None, known: str | None, given: str | None) -> str | None:
        if in_row is not None and given is not None and in_row != given:
            raise refusals.KnownOtherwise(measure=self.id, known=in_row, given=given)
        return known if given is None else given

    def _check_receiver(self, kind: MeasureKind, mission: str | None, receiver: str | None) -> None:
        if receiver is None:
            return
        if not kind.needs_receiver:
            raise refusals.ReceiverNotWanted(measure=self.id, measure_kind=kind.value)
        if mission == receiver:
            raise refusals.ReceiverIsMission(measure=self.id, mission=mission)

    def evolve(self, event: Event) -> None:
        """Change state by one event."""
        match event:
            case MeasureListed():
                self.state = MeasureState.LISTED
                self.row = event
                self.mission, self.receiver = event.mission, event.receiver
            case MeasureIdentified():
                self.state = MeasureState.LISTED
                self.mission, self.receiver = event.mission, event.receiver
                self.blocked_by = None
            case MeasureBlocked():
                self.state = MeasureState.BLOCKED
                self.blocked_by = event.reason
            case MeasureOrdered():
                self.state = MeasureState.ORDERED
            case MeasureExecuted():
                self.state = MeasureState.EXECUTED
