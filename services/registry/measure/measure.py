"""A measure: a row of a decree's table, from its listing to its execution."""

from datetime import date, datetime

from services.registry.decree import Decree
from services.registry.measure import refusals
from services.registry.measure.kinds import EXPLANATIONS, merged, obstacle
from services.registry.measure.state import LIFECYCLE, OPEN, UNORDERED, MeasureState
from shared.contracts.event import Event
from shared.contracts.registry import (
    BlockReason,
    Confidence,
    Feasibility,
    MeasureAssessed,
    MeasureBlocked,
    MeasureDropped,
    MeasureExecuted,
    MeasureIdentified,
    MeasureKind,
    MeasureListed,
    MeasureOrdered,
    MeasureRetargeted,
    Target,
)
from shared.domain import Aggregate, Moment, Text


class Measure(Aggregate):
    """A row of a decree's table (``298-2025-a2-r01``); None stands for what no source tells.

    A doubtful feasibility warns whoever reads it and stops nothing. `ordered_at` and `executed_at` are the
    effective moments of its order and of its execution.
    """

    kind = "measure"
    snapshot_version = 3
    lifecycle = LIFECYCLE

    state: MeasureState = MeasureState.UNKNOWN
    row: MeasureListed | None = None
    mission: str | None = None
    receiver: str | None = None
    target: Target | None = None
    feasibility: Feasibility = Feasibility.NOT_ASSESSED
    blocked_by: BlockReason | None = None
    ordered_at: datetime | None = None
    executed_at: datetime | None = None

    @property
    def listed(self) -> MeasureListed:
        """The row as it was listed; refuses as not found where it was not."""
        self.must_exist()
        assert self.row is not None, "an existing measure begins with its listing"
        return self.row

    @property
    def open(self) -> bool:
        """Whether an amendment can still change it."""
        return self.state in OPEN

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
        target: Target | None = None,
    ) -> None:
        """Name what the row left unknown, with the source that tells it; the row can then be ordered.

        Until it is ordered an identification may be corrected by another; what the row itself says may not.
        """
        row = self.listed
        if self.state not in UNORDERED:
            raise refusals.MeasureSettled(measure=self.id, state=self.state.value)
        named = (
            self._named(row.mission, self.mission, mission),
            self._named(row.receiver, self.receiver, receiver),
        )
        wanted = merged(self.target, target)
        if (*named, wanted) == (self.mission, self.receiver, self.target):
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
                target=wanted,
            ),
            moment,
        )

    def order(self, decree: Decree, moment: Moment, host: str | None = None) -> bool:
        """Order the measure, or block it where its row leaves unknown what it needs.

        Returns whether it is ordered; `host` is the country of the mission's host State. Refuses as
        `check_order` does, and where it is blocked already for the same reason.
        """
        row, reason = self.listed, self.check_order(decree, moment)
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
                procedure=decree.procedure_of(row.measure_kind),
                target=self.target,
                host=host,
            ),
            moment,
        )
        return True

    def check_order(self, decree: Decree, moment: Moment) -> BlockReason | None:
        """Return what keeps it from being ordered, as far as its own row tells.

        Refuses where it is ordered already, the decree is not in force or a hold covers the row.
        """
        row = self.listed
        if self.state not in UNORDERED:
            raise refusals.MeasureSettled(measure=self.id, state=self.state.value)
        decree.check_executable(row.article, self.id)
        decree.must_bind_by(moment)
        return obstacle(row.measure_kind, self.mission, self.receiver, self.target)

    def assess(self, feasibility: Feasibility, note: Text, moment: Moment) -> None:
        """Say whether law and custom let it be carried out; what is over is not assessed any more."""
        row = self._must_be_open()
        assessed = MeasureAssessed(decree=row.decree, article=row.article, feasibility=feasibility, note=note)
        self.record(assessed, moment)

    def retarget(
        self,
        by: str,
        on: date,
        mission: str | None,
        receiver: str | None,
        target: Target | None,
        void: tuple[int, ...],
        note: Text | None,
        moment: Moment,
    ) -> None:
        """Take what an amendment says of the row; for `services.registry.amending` alone.

        An order for the same mission goes on; otherwise the row is to be ordered again.
        """
        row = self._must_be_open()
        self._check_receiver(row.measure_kind, mission, receiver)
        retargeted = MeasureRetargeted(
            decree=row.decree,
            article=row.article,
            by=by,
            on=on,
            mission=mission,
            receiver=receiver,
            target=target,
            former_mission=self.mission,
            former_receiver=self.receiver,
            void=void,
            note=note,
        )
        self.record(retargeted, moment)

    def drop(self, by: str, on: date, moment: Moment) -> None:
        """Take the row out; for `services.registry.amending` alone."""
        row = self._must_be_open()
        dropped = MeasureDropped(
            decree=row.decree,
            article=row.article,
            mission=self.mission,
            receiver=self.receiver,
            by=by,
            on=on,
        )
        self.record(dropped, moment)

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
        moment.must_not_precede(self.ordered_at, self.id)
        self.record(
            MeasureExecuted(decree=row.decree, article=row.article, mission=self.mission, evidence=evidence),
            moment,
        )

    def _must_be_open(self) -> MeasureListed:
        row = self.listed
        if self.state not in OPEN:
            raise refusals.MeasureOver(measure=self.id, state=self.state.value)
        return row

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
                self.target, self.feasibility = event.target, event.feasibility
            case MeasureIdentified():
                self.state = MeasureState.LISTED
                self.mission, self.receiver, self.target = event.mission, event.receiver, event.target
                self.blocked_by = None
            case MeasureBlocked():
                self.state = MeasureState.BLOCKED
                self.blocked_by = event.reason
            case MeasureAssessed():
                self.feasibility = event.feasibility
            case MeasureRetargeted():
                if self.state is not MeasureState.ORDERED or event.mission != self.mission:
                    self.state, self.blocked_by = MeasureState.LISTED, None
                self.mission, self.receiver = event.mission, event.receiver
                self.target = event.target
            case MeasureDropped():
                self.state = MeasureState.DROPPED
            case MeasureOrdered():
                self.state, self.ordered_at = MeasureState.ORDERED, self.last_effective_at
            case MeasureExecuted():
                self.state, self.executed_at = MeasureState.EXECUTED, self.last_effective_at
