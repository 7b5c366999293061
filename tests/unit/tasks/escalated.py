"""A ladder of four steps, two working days apart, and a plan whose first task climbs it.

The task is due on Sunday 31 August 2025. The steps are due at the ends of Sunday 31 August, Tuesday
2 September, Thursday 4 September and, over the weekend, Monday 8 September: 22:00 UTC each.
"""

from datetime import date

from services.tasks.escalating import case_of
from services.tasks.escalation import Escalation, acknowledge
from services.tasks.escalation_policy import STANDING, EscalationPolicy
from services.tasks.sweeping import climbing
from shared.contracts import tasks as said
from shared.domain import Actor
from shared.eventstore.command import Turn
from tests.unit.tasks.dated import FIRST, Dated
from tests.unit.tasks.given import LEGAL

LADDER = said.Ladder.model_validate(
    {
        "label": "1",
        "title": {"en": "Two working days a step"},
        "acknowledged_for": 5,
        "steps": [
            {"key": "lead", "title": {"en": "Lead department"}, "to": "lead", "after": 0},
            {"key": "head", "title": {"en": "Head of department"}, "to": "head", "after": 2},
            {"key": "office", "title": {"en": "Office"}, "to": "department", "named": "archives", "after": 2},
            {"key": "minister", "title": {"en": "Minister"}, "to": "role", "named": "controller", "after": 2},
        ],
    }
)
STEPS = ("2025-08-31 22:00", "2025-09-02 22:00", "2025-09-04 22:00", "2025-09-08 22:00")


class Escalated(Dated):
    """Drives a plan whose misses are escalated; `sweep` does what both sweepers do about the first task."""

    def __init__(self, *, policy: str = STANDING) -> None:
        super().__init__()
        self.declare_ladder(LADDER, policy)

    @property
    def escalation(self) -> Escalation:
        return self.store.find(Escalation, FIRST)

    def declare_ladder(self, ladder: said.Ladder, policy: str = STANDING) -> "Escalated":
        known = {"archives", "legal"}
        self.store.run(lambda turn: turn.get(EscalationPolicy, policy).declare(ladder, known, turn.moment))
        return self

    def sweep(self) -> "Escalated":
        super().sweep()
        return self.climb()

    def climb(self) -> "Escalated":
        """Do what the sweeper of escalations does, if it is due."""
        next_at = self.escalation.next_at
        if next_at is not None and next_at <= self.store.now:
            command = climbing(FIRST, next_at)
            self.store.run(command.decide, effective_at=command.by.effective_at)
        return self

    def acknowledge(self, until: date | None = None, actor: Actor = LEGAL) -> "Escalated":
        def decide(turn: Turn) -> None:
            escalation = turn.get(Escalation, FIRST)
            case = case_of(turn, self.task, self.deadline)
            assert case is not None
            acknowledge(escalation, case, until, "We are at it", actor, turn.moment)

        self.store.run(decide, actor)
        return self

    @property
    def raised(self) -> list[said.EscalationRaised]:
        return self.told(said.EscalationRaised)

    @property
    def keys(self) -> list[str]:
        return [step.key for step in self.raised]
