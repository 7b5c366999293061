"""Commands on one task: the task and its deadline are read, and how the task stands is answered."""

from collections.abc import Callable
from typing import Any

from services.tasks.deadline import Deadline
from services.tasks.task import Task
from shared.eventstore.command import Command, Instruction, Outcome, Turn
from shared.eventstore.store import EventStore

Answer = dict[str, Any]


async def on_task(
    store: EventStore, name: str, by: Instruction, task: str, decide: Callable[[Turn, Task], None]
) -> Outcome[Answer]:
    """Let a decision change a task that must exist; answer with how it stands then."""

    def decide_on(turn: Turn) -> Answer:
        found = turn.get(Task, task).must_exist()
        deadline = turn.get(Deadline, task)
        decide(turn, found)
        return {
            "task": task,
            "state": found.state.value,
            "department": found.lead,
            "due_on": deadline.due_on.isoformat() if deadline.exists else None,
        }

    return await store.execute(Command(name, by, decide_on, ((Task, task), (Deadline, task))))
