"""The use cases of those who take part in a task: their parts, their comments, and what blocks them."""

from services.tasks.deciding import Answer, on_task
from services.tasks.permissions import PERMITS, doing
from services.tasks.task import Task
from services.tasks.task.parts import report_part
from services.tasks.task.remarks import block, comment, unblock
from shared.domain import Actor
from shared.eventstore.command import Instruction, Outcome, Turn
from shared.eventstore.store import EventStore


class Participating:
    """The commands beside the steps of a task, each one transaction."""

    def __init__(self, store: EventStore) -> None:
        self._store = store

    async def report_part(
        self, by: Instruction, task: str, done: bool, department: str | None = None
    ) -> Outcome[Answer]:
        """Say that the part of a co-executor is done or not; a department speaks of its own part."""

        def decide(turn: Turn, shared: Task) -> None:
            part = department or turn.actor.department or ""
            PERMITS.check(turn, "task.report-part", (part,))
            report_part(shared, part, done, turn.actor, turn.moment)

        return await on_task(self._store, "report-part", by, task, decide)

    async def comment(self, by: Instruction, task: str, text: str) -> Outcome[Answer]:
        """Say something about a task, whatever its state."""

        def decide(turn: Turn, found: Task) -> None:
            PERMITS.check(turn, "task.comment", _taking_part(found, turn.actor))
            comment(found, text, turn.actor, turn.moment)

        return await on_task(self._store, "comment-task", by, task, decide)

    async def block(self, by: Instruction, task: str, reason: str) -> Outcome[Answer]:
        """Say what keeps the work from going on."""

        def decide(turn: Turn, found: Task) -> None:
            PERMITS.check(turn, "task.block", _taking_part(found, turn.actor))
            block(found, reason, turn.actor, turn.moment)

        return await on_task(self._store, "block-task", by, task, decide)

    async def unblock(self, by: Instruction, task: str) -> Outcome[Answer]:
        """Say that what blocked the work is out of the way."""

        def decide(turn: Turn, found: Task) -> None:
            PERMITS.check(turn, "task.unblock", _taking_part(found, turn.actor))
            unblock(found, turn.actor, turn.moment)

        return await on_task(self._store, "unblock-task", by, task, decide)


def _taking_part(task: Task, actor: Actor) -> tuple[str, ...]:
    return (*doing(task, actor), *task.co_executors)
