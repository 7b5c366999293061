"""A measure: a row of a decree's table, from its listing to its execution."""

from datetime import date, datetime

from services.registry.days import beginning_of
from services.registry.decree import Decree
from services.registry.measure import refusals
from services.registry.measure.kinds import EXPLANATIONS, merged, obstacle
from services.registry.measure.row import (
    Parts,
    RowChange,
    change_of,
    identified,
    in_law,
    parts_of,
)
from services.registry.measure.state import LIFECYCLE, OPEN, UNORDERED, MeasureState
from shared.contracts.event import Event
from shared.contracts.registry import (
    BlockReason,
    Confidence,
    Feasibility,
    MeasureAmendedInPast,
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

    A doubtful feasibility warns whoever reads it and stops nothing. `named` is what the table and its
    identifications say, `changes` what amendments say of it, in the order of recording; mission, receiver and
    target are those of both by the order of law. `known_at` is the moment since which it is known for what it
    is to be ordered, where that is later than its table; `identified_at`, `ordered_at` and `executed_at` are
    the effective moments of its last identification, its order and its execution, `dropped_on` the day from
    which it is not to be carried out.
    """

    kind = "measure"
    snapshot_version = 5
    lifecycle = LIFECYCLE

    state: MeasureState = MeasureState.UNKNOWN
    row: MeasureListed | None = None
    mission: str | None = None
    receiver: str | None = None
    target: Target | None = None
    named: Parts = Parts()
    changes: tuple[RowChange, ...] = ()
    feasibility: Feasibility = Feasibility.NOT_ASSESSED
    blocked_by: BlockReason | None = None
    dropped_on: date | None = None
    known_at: datetime | None = None
    identified_at: datetime | None = None
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

    def ordered_for(self, mission: str) -> bool:
        """Whether it is to be carried out on this mission: it is ordered, and neither done nor taken out."""
        return self.state is MeasureState.ORDERED and self.mission == mission

    @property
    def parts(self) -> Parts:
        """What it says now."""
        return Parts(self.mission, self.receiver, self.target)

    def parts_on(self, day: date) -> Parts:
        """What it said in law on a day."""
        return in_law(self.named, self.changes, day)

    def parts_with(self, change: RowChange) -> Parts:
        """What it would say now with one change more."""
        return in_law(self.named, (*self.changes, change))

    def list_in(self, decree: Decree, row: MeasureListed, moment: Moment) -> None:
        """Enter the row of a table that the decree names."""
        if decree.id != row.decree or decree.measures.get(self.id) != row.article:
            raise refusals.MeasureNotInDecree(measure=self.id, decree=row.decree, article=row.article)
        self.add(row, moment)

    def add(self, row: MeasureListed, moment: Moment) -> None:
        """Enter a row that an amendment adds, whatever came of it later; for `services.registry.amending`."""
        if self.exists:
            raise refusals.MeasureExists(measure=self.id)
        self.check_receiver(row.measure_kind, row.mission, row.receiver)
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
        said = in_law(parts_of(row), self.changes)
        named = Parts(
            self._named(said.mission, self.named.mission, mission),
            self._named(said.receiver, self.named.receiver, receiver),
            merged(self.named.target, target),
        )
        found = in_law(named, self.changes)
        if found == self.parts:
            raise refusals.NothingIdentified(measure=self.id)
        self.check_receiver(row.measure_kind, found.mission, found.receiver)
        moment.must_not_precede(self.identified_at, self.id)
        self.record(
            MeasureIdentified(
                decree=row.decree,
                article=row.article,
                mission=found.mission,
                receiver=found.receiver,
                confidence=confidence,
                source=source,
                former_mission=None if found.mission == self.mission else self.mission,
                target=found.target,
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

        Refuses where it is ordered already, the decree is not in force or a hold covers the row, and a moment
        before the row binds, or before it was known what it is about.
        """
        row = self.listed
        if self.state not in UNORDERED:
            raise refusals.MeasureSettled(measure=self.id, state=self.state.value)
        decree.check_executable(row.article, self.id, moment)
        decree.must_bind_by(moment, self.id)
        moment.must_not_precede(self.known_at, self.id)
        return obstacle(row.measure_kind, self.mission, self.receiver, self.target)

    def assess(self, feasibility: Feasibility, note: Text, moment: Moment) -> None:
        """Say whether law and custom let it be carried out; what is over is not assessed any more."""
        row = self.must_be_open()
        assessed = MeasureAssessed(decree=row.decree, article=row.article, feasibility=feasibility, note=note)
        self.record(assessed, moment)

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

    def must_be_open(self) -> MeasureListed:
        """Return the row; refuse one that is executed or dropped."""
        row = self.listed
        if self.state not in OPEN:
            raise refusals.MeasureOver(measure=self.id, state=self.state.value)
        return row

    def _block(self, row: MeasureListed, reason: BlockReason, moment: Moment) -> None:
        if self.blocked_by is reason:
            raise refusals.MeasureIsBlocked(
                measure=self.id, reason=reason.value, explanation=EXPLANATIONS[reason]
            )
        blocked = MeasureBlocked(
            decree=row.decree, article=row.article, reason=reason, explanation=EXPLANATIONS[reason]
        )
        self.record(blocked, moment)

    def _named(self, in_row: str | None, known: str | None, given: str | None) -> str | None:
        if in_row is not None and given is not None and in_row != given:
            raise refusals.KnownOtherwise(measure=self.id, known=in_row, given=given)
        return known if given is None else given

    def check_receiver(self, kind: MeasureKind, mission: str | None, receiver: str | None) -> None:
        """Refuse a receiver where the kind has none, and the mission itself as its own."""
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
                self.row, self.feasibility = event, event.feasibility
                self.named = parts_of(event)
                self._say(self.named)
            case MeasureIdentified():
                found = Parts(event.mission, event.receiver, event.target)
                self.named = identified(self.named, self.parts, found)
                self.state, self.blocked_by = MeasureState.LISTED, None
                self._say(found)
                self.identified_at = self.last_effective_at
                self._is_known_since(self.last_effective_at)
            case MeasureBlocked():
                self.state = MeasureState.BLOCKED
                self.blocked_by = event.reason
            case MeasureAssessed():
                self.feasibility = event.feasibility
            case MeasureRetargeted():
                if self.state is not MeasureState.ORDERED or event.mission != self.mission:
                    self.state, self.blocked_by = MeasureState.LISTED, None
                    self._is_known_since(min(beginning_of(event.on), self.last_effective_at))
                self.changes = (*self.changes, change_of(event, self.parts, self.changes))
                self._say(Parts(event.mission, event.receiver, event.target))
            case MeasureDropped(on=on) | MeasureAmendedInPast(dropped=True, on=on):
                self.state, self.dropped_on = MeasureState.DROPPED, on
            case MeasureAmendedInPast():
                self.changes = (*self.changes, change_of(event, self.parts, self.changes))
                self._say(Parts(event.mission, event.receiver, event.target))
            case MeasureOrdered():
                self.state, self.ordered_at = MeasureState.ORDERED, self.last_effective_at
            case MeasureExecuted():
                self.state, self.executed_at = MeasureState.EXECUTED, self.last_effective_at

    def _say(self, parts: Parts) -> None:
        self.mission, self.receiver, self.target = parts.mission, parts.receiver, parts.target

    def _is_known_since(self, moment: datetime) -> None:
        self.known_at = moment if self.known_at is None else max(self.known_at, moment)
