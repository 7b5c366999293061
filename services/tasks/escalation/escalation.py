"""An escalation: which step of the ladder a missed deadline has come to, and when the next is due."""

from dataclasses import dataclass
from datetime import date, datetime

from services.tasks.escalation.state import LIFECYCLE, EscalationState
from shared.contracts import tasks as said
from shared.contracts.event import Event
from shared.domain import Aggregate


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Who answers for a step, since when and until the end of which day."""

    step: int
    by: tuple[str, ...]
    since: date
    until: date


class Escalation(Aggregate):
    """The escalation of a task, under the task's own id.

    `step` counts the steps taken, `stepped_on` is the day of the last, or that from which the first is
    counted. What it decides is in `climbing` and `acknowledging`, which take it.
    """

    kind = "escalation"
    snapshot_version = 2
    lifecycle = LIFECYCLE

    policy: str = ""
    policy_version: int = 0
    missed_on: date | None = None
    step: int = 0
    stepped_on: date = date.max
    stepped_at: datetime | None = None
    key: str = ""
    addressed: str = ""
    role: str | None = None
    acknowledgements: tuple[Acknowledgement, ...] = ()
    suspended: bool = False
    next_at: datetime | None = None
    ended: bool = False

    @property
    def open(self) -> bool:
        """Whether the ladder is being climbed."""
        return self.exists and not self.ended

    @property
    def acknowledged(self) -> bool:
        """Whether the present step is answered for."""
        return any(one.step == self.step for one in self.acknowledgements)

    @property
    def state(self) -> EscalationState:
        """How it stands."""
        if self.missed_on is None:
            return EscalationState.NONE
        if self.ended:
            return EscalationState.ENDED
        if self.suspended:
            return EscalationState.SUSPENDED
        return EscalationState.ACKNOWLEDGED if self.acknowledged else EscalationState.CLIMBING

    def evolve(self, event: Event) -> None:
        """Change state by one event."""
        match event:
            case said.EscalationBegun():
                self.policy, self.policy_version = event.policy, event.policy_version
                self.missed_on, self.stepped_on = event.due_on, event.counted_from
                self.step, self.key, self.addressed, self.role = 0, "", event.department, None
                self.stepped_at = None
                self.acknowledgements, self.suspended, self.ended = (), False, False
                self.next_at = event.next_at
            case said.EscalationRaised():
                self.step, self.stepped_on, self.key = event.step, event.on, event.key
                self.stepped_at = event.due_at
                self.addressed, self.role, self.next_at = event.department, event.role, event.next_at
            case said.EscalationAcknowledged():
                answered = Acknowledgement(event.step, event.by, event.since, event.until)
                self.acknowledgements = (*self.acknowledgements, answered)
                self.next_at = event.next_at
            case said.EscalationSuspended():
                self.suspended, self.next_at = True, None
            case said.EscalationResumed():
                self.suspended, self.next_at = False, event.next_at
            case said.EscalationEnded():
                self.ended, self.suspended, self.next_at = True, False, None
