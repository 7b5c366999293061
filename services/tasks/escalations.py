"""The use cases of escalation: the ladder is declared, and a step of it is acknowledged."""

from datetime import date
from typing import Any

from services.tasks.deadline import Deadline
from services.tasks.department import Department
from services.tasks.escalating import case_of
from services.tasks.escalation import Escalation, NothingToAcknowledge, acknowledge
from services.tasks.escalation_policy import EscalationPolicy
from services.tasks.escalation_policy.policy import departments_of
from services.tasks.permissions import PERMITS, doing
from services.tasks.task import Task
from shared.contracts.tasks import Ladder
from shared.eventstore.command import Command, Instruction, Outcome, Turn
from shared.eventstore.store import EventStore

Answer = dict[str, Any]


class Escalations:
    """The commands about escalation, each one transaction."""

    def __init__(self, store: EventStore) -> None:
        self._store = store

    async def declare(self, by: Instruction, policy: str, ladder: Ladder) -> Outcome[Answer]:
        """Declare the next version of a ladder; the departments that it names must be known."""
        by = PERMITS.ask(by, "escalation-policy.set")
        departments = departments_of(ladder)

        def decide(turn: Turn) -> Answer:
            declared = turn.get(EscalationPolicy, policy)
            known = {key for key in departments if turn.get(Department, key).exists}
            version = declared.declare(ladder, known, turn.moment)
            return {"policy": policy, "version": version, "label": ladder.label}

        reads = ((EscalationPolicy, policy), *((Department, key) for key in departments))
        return await self._store.execute(Command("declare-escalation-policy", by, decide, reads))

    async def acknowledge(self, by: Instruction, task: str, until: date | None, note: str) -> Outcome[Answer]:
        """Answer for the present step of a task's escalation, until a day or as long as the ladder allows.

        It is for those who do the task, for whom the step went to, and for the follow-up office.
        """

        def decide(turn: Turn) -> Answer:
            escalation = turn.get(Escalation, task)
            found, deadline = turn.get(Task, task).must_exist(), turn.get(Deadline, task)
            if escalation.role is None or turn.actor.role != escalation.role:
                concerned = (*doing(found, turn.actor), escalation.addressed)
                PERMITS.check(turn, "escalation.acknowledge", concerned)
            case = case_of(turn, found, deadline) if escalation.open else None
            if case is None:
                raise NothingToAcknowledge(task=task)
            day = acknowledge(escalation, case, until, note, turn.actor, turn.moment)
            return {"task": task, "step": escalation.step, "until": day.isoformat()}

        reads = ((Escalation, task), (Task, task), (Deadline, task))
        return await self._store.execute(Command("acknowledge-escalation", by, decide, reads))
