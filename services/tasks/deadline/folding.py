"""How a deadline stands after each of its events; its decisions are in `deadline`."""

from datetime import date, datetime

from services.tasks.deadline.standing import Ending, Granted, Ground, Miss, Suspension
from services.tasks.deadline.state import LIFECYCLE, DeadlineState
from shared.calendar import Deadline as Computed
from shared.contracts import tasks as said
from shared.contracts.event import Event
from shared.domain import Aggregate


class StandingDeadline(Aggregate):
    """What is known of a deadline, and what each event changes in it; nothing is decided here.

    `computed` is what the rule says, `base_due_on` that or what was granted instead, `due_on` the same after
    the holds since `runs_from`. `opened_for` is the moment of a submission that was there before it. Where it
    stands (`state`) follows from these.
    """

    lifecycle = LIFECYCLE
    snapshot_version = 4

    computed: Computed | None = None
    set_at: datetime | None = None
    opened_for: datetime | None = None
    provisional: bool = False
    already_past: bool = False
    granted: Granted | None = None
    extensions: int = 0
    base_due_on: date = date.max
    runs_from: date = date.max
    resumed_on: date | None = None
    due_on: date = date.max
    due_at: datetime | None = None
    warn_at: datetime | None = None
    suspension: Suspension | None = None
    warned: tuple[date, ...] = ()
    misses: tuple[Miss, ...] = ()
    ending: Ending | None = None

    @property
    def missed(self) -> bool:
        """Whether the present due day was missed."""
        return any(miss.due_on == self.due_on for miss in self.misses)

    @property
    def by_extension(self) -> bool:
        """Whether it stands by what was granted, and not by its rule; holds aside."""
        of_rule = self.computed is not None and self.base_due_on == self.computed.due_on
        return self.granted is not None and not of_rule

    @property
    def state(self) -> DeadlineState:
        """How it stands; of a due day that was missed or told to be near, it stays so."""
        if self.ending is not None:
            return DeadlineState.MET if self.ending is Ending.MET else DeadlineState.DROPPED
        if self.computed is None:
            return DeadlineState.NONE
        if self.suspension is not None:
            return DeadlineState.SUSPENDED
        if self.missed:
            return DeadlineState.MISSED
        return DeadlineState.APPROACHING if self.due_on in self.warned else DeadlineState.RUNNING

    def evolve(self, event: Event) -> None:
        """Change state by one event."""
        match event:
            case said.DeadlineSet():
                self.computed, self.base_due_on = event.deadline, event.due_on
                self.set_at, self.opened_for = event.set_at, event.handed_in_at or self.opened_for
                if event.extension is None:
                    self.granted = None
                self.runs_from, self.resumed_on, self.suspension = event.runs_from, None, None
                self.due_on, self.due_at, self.warn_at = event.due_on, event.due_at, event.warn_at
                self.provisional, self.already_past = event.provisional, event.already_past
            case said.DeadlineExtended():
                self.runs_from, self.resumed_on = self._runs_after(event), None
                self.granted, self.extensions = Granted(event.extension, event.due_on), self.extensions + 1
                self.base_due_on = event.due_on
                self.provisional, self.already_past = event.provisional, False
                self.due_on, self.due_at, self.warn_at = event.due_on, event.due_at, event.warn_at
            case said.DeadlineSuspended():
                self.suspension = Suspension(event.since, event.working_days_left, event.hold)
                self.due_on, self.due_at = event.due_on, event.due_at
            case said.DeadlineResumed():
                self.suspension, self.resumed_on = None, event.since
                self.already_past = event.already_past
                self.due_on, self.due_at, self.warn_at = event.due_on, event.due_at, event.warn_at
            case said.DeadlineApproaching():
                self.warned = (*self.warned, event.due_on)
            case said.DeadlineMissed():
                self.misses = (*self.misses, Miss(event.due_on, event.due_at))
            case said.DeadlineMissQualified():
                ground = Ground(event.ground, event.hold)
                self.misses = tuple(miss.qualified(event.due_on, ground) for miss in self.misses)
            case said.DeadlineMet():
                self.ending = Ending.MET
            case said.DeadlineDropped():
                self.ending = Ending.DROPPED

    def _runs_after(self, event: said.DeadlineExtended) -> date:
        """The day from which holds count after a grant: never one of before the clock ran."""
        if event.runs_from is not None:
            return event.runs_from
        # Events of before did not tell it.
        stands = self.suspension.since if self.suspension else self.resumed_on
        return max(self.runs_from, stands or self.runs_from)
