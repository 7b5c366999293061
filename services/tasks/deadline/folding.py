"""How a deadline stands after each of its events; its decisions are in `deadline`."""

from datetime import date, datetime

from services.tasks.deadline.standing import Ending, Granted, Ground, Miss, Suspension, with_ground
from services.tasks.deadline.state import LIFECYCLE, DeadlineState
from shared.calendar import Deadline as Computed
from shared.contracts import tasks as said
from shared.contracts.event import Event
from shared.domain import Aggregate


class StandingDeadline(Aggregate):
    """What is known of a deadline, and what each event changes in it; nothing is decided here.

    `computed` is what the rule says, against which holds count from `runs_from` on; `due_on` is the day of
    that or what was `granted`, after holds (`courses`). `opened_for` is the moment of a submission that was
    there before it. Where it stands (`state`) follows from these.
    """

    lifecycle = LIFECYCLE
    snapshot_version = 5

    computed: Computed | None = None
    set_at: datetime | None = None
    opened_for: datetime | None = None
    provisional: bool = False
    already_past: bool = False
    granted: Granted | None = None
    extensions: int = 0
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
        """Whether the present due day was missed, since it is due."""
        return any(miss.due_on == self.due_on and not miss.moved for miss in self.misses)

    @property
    def counts_from(self) -> date:
        """The day from which holds count at the earliest where more time is granted."""
        return self.runs_from if self.granted is None else self.granted.runs_from

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
                self.computed, self.set_at = event.deadline, event.set_at
                self.opened_for = event.handed_in_at or self.opened_for
                if event.extension is None:
                    self.granted = None
                self.runs_from, self.resumed_on, self.suspension = event.runs_from, None, None
                self.due_on, self.due_at, self.warn_at = event.due_on, event.due_at, event.warn_at
                self.provisional, self.already_past = event.provisional, event.already_past
            case said.DeadlineExtended():
                self.granted = Granted(event.extension, event.due_on, self._runs_after(event))
                self.extensions, self.resumed_on = self.extensions + 1, None
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
                self.misses = with_ground(self.misses, event.due_on, ground)
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
        return max(self.counts_from, stands or self.counts_from)
