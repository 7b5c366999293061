"""The use cases of extensions: asked for by those who do the work, decided by issuer or controller."""

from datetime import date
from typing import Any

from services.tasks.clocks import calendar_of, holds_of
from services.tasks.deadline import Deadline
from services.tasks.escalating import escalate
from services.tasks.extension import Extension, ExtensionOpen, NothingToExtend, day_granted
from services.tasks.moments import must_follow
from services.tasks.permissions import PERMITS, doing
from services.tasks.task import Task
from shared.calendar import day_of
from shared.eventstore.command import Command, Instruction, Outcome, Turn
from shared.eventstore.store import EventStore

Answer = dict[str, Any]


def extension_id(task: str, number: int) -> str:
    """Name the extensions of a task one after the other: ``298-2025-a2-r01-t05-x1``."""
    return f"{task}-x{number}"


class Extensions:
    """The commands about more time, each one transaction."""

    def __init__(self, store: EventStore) -> None:
        self._store = store

    async def request(self, by: Instruction, task: str, until: date, reason: str) -> Outcome[Answer]:
        """Ask for time until a day after the present deadline; one request of a task at a time.

        The request that comes into being is the first aggregate of the command, and the answer's ETag its.
        """
        number = await self._number_of_next(task)

        def decide(turn: Turn) -> Answer:
            extension, last = _next_extension(turn, task, number)
            asking = turn.get(Task, task).must_exist()
            PERMITS.check(turn, "extension.request", doing(asking, turn.actor))
            deadline = _must_be_extendable(asking, turn.get(Deadline, task))
            if last is not None and last.open:
                raise ExtensionOpen(extension=last.id, task=task)
            decided_at = None if last is None else last.decided_at
            must_follow(turn.moment, asking.planned.planned_at, deadline.set_at, decided_at)
            _day_granted(turn, asking, deadline, until)
            extension.request(asking, deadline.due_on, until, reason, turn.actor, turn.moment)
            return _told(extension, until)

        reads = ((Extension, extension_id(task, number)), (Task, task), (Deadline, task))
        return await self._store.execute(Command("request-extension", by, decide, reads))

    async def grant(
        self, by: Instruction, extension: str, until: date | None, reason: str
    ) -> Outcome[Answer]:
        """Grant time until the day asked for or another one, rolled to a working day by the task's roll."""
        by = PERMITS.ask(by, "extension.decide")

        def decide(turn: Turn) -> Answer:
            asked = turn.get(Extension, extension).must_exist()
            task, deadline = turn.get(Task, asked.task), turn.get(Deadline, asked.task)
            asked.check_decision(task, turn.actor)
            _must_be_extendable(task, deadline)
            must_follow(turn.moment, asked.requested_at, deadline.set_at)
            calendar, holds = calendar_of(turn, deadline), holds_of(turn, task)
            day = _day_granted(turn, task, deadline, until or asked.until)
            asked.grant(task, day, reason, turn.actor, turn.moment)
            deadline.extend(task, extension, day, calendar, holds, turn.moment)
            escalate(turn, task, deadline)
            return _told(asked, day)

        return await self._store.execute(Command("grant-extension", by, decide, ((Extension, extension),)))

    async def refuse(self, by: Instruction, extension: str, reason: str) -> Outcome[Answer]:
        """Refuse more time, whatever became of the task meanwhile."""
        by = PERMITS.ask(by, "extension.decide")

        def decide(turn: Turn) -> Answer:
            asked = turn.get(Extension, extension).must_exist()
            asked.refuse(turn.get(Task, asked.task), reason, turn.actor, turn.moment)
            return _told(asked, asked.until)

        return await self._store.execute(Command("refuse-extension", by, decide, ((Extension, extension),)))

    async def _number_of_next(self, task: str) -> int:
        """Find how the next request of a task is numbered; whoever asks meanwhile comes before it."""
        number = 1
        while (await self._store.load(Extension, extension_id(task, number))).exists:
            number += 1
        return number


def _must_be_extendable(task: Task, deadline: Deadline) -> Deadline:
    if deadline.computed is None or task.state.settled:
        raise NothingToExtend(task=task.id)
    return deadline


def _next_extension(turn: Turn, task: str, number: int) -> tuple[Extension, Extension | None]:
    """The first extension from a number on that nobody has asked for yet, and the one before it."""
    last = None
    while (extension := turn.get(Extension, extension_id(task, number))).exists:
        number, last = number + 1, extension
    if last is None and number > 1:
        last = turn.get(Extension, extension_id(task, number - 1))
    return extension, last


def _day_granted(turn: Turn, task: Task, deadline: Deadline, until: date) -> date:
    calendar = calendar_of(turn, deadline)
    return day_granted(task, deadline.due_on, until, day_of(turn.moment.recorded_at, calendar), calendar)


def _told(extension: Extension, until: date) -> Answer:
    return {
        "extension": extension.id,
        "task": extension.task,
        "state": extension.state.value,
        "until": until.isoformat(),
    }
