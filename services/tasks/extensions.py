"""The use cases of extensions: asked for by those who do the work, decided by issuer or controller."""

from datetime import date
from typing import Any

from services.tasks.clocks import calendar_of, holds_of
from services.tasks.deadline import Deadline
from services.tasks.extension import Extension, ExtensionOpen, NothingToExtend, UntilNotLater
from services.tasks.permissions import PERMISSIONS, doing
from services.tasks.task import Task
from shared.calendar import rolled
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
        """Ask for time until a day after the present deadline; one request of a task at a time."""

        def decide(turn: Turn) -> Answer:
            extension, last = _next_extension(turn, task)
            asking = turn.get(Task, task).must_exist()
            PERMISSIONS.check(turn.actor, "extension.request", doing(asking, turn.actor))
            deadline = _must_be_extendable(asking, turn.get(Deadline, task))
            if last is not None and last.open:
                raise ExtensionOpen(extension=last.id, task=task)
            if until <= deadline.due_on:
                raise _not_later(asking, deadline, until)
            extension.request(asking, deadline.due_on, until, reason, turn.actor, turn.moment)
            return _told(extension, until)

        reads = ((Task, task), (Deadline, task))
        return await self._store.execute(Command("request-extension", by, decide, reads))

    async def grant(
        self, by: Instruction, extension: str, until: date | None, reason: str
    ) -> Outcome[Answer]:
        """Grant time until the day asked for or another one, rolled to a working day by the task's roll."""
        PERMISSIONS.check(by.actor, "extension.decide")

        def decide(turn: Turn) -> Answer:
            asked = turn.get(Extension, extension).must_exist()
            task, deadline = turn.get(Task, asked.task), turn.get(Deadline, asked.task)
            asked.check_decision(turn.actor)
            _must_be_extendable(task, deadline)
            calendar, holds = calendar_of(turn, deadline), holds_of(turn, task)
            day = rolled(until or asked.until, task.planned.roll, calendar)
            if day <= deadline.due_on:
                raise _not_later(task, deadline, until or asked.until)
            asked.grant(task, day, reason, turn.actor, turn.moment)
            deadline.extend(task, extension, day, calendar, holds, turn.moment)
            return _told(asked, day)

        return await self._store.execute(Command("grant-extension", by, decide, ((Extension, extension),)))

    async def refuse(self, by: Instruction, extension: str, reason: str) -> Outcome[Answer]:
        """Refuse more time, whatever became of the task meanwhile."""
        PERMISSIONS.check(by.actor, "extension.decide")

        def decide(turn: Turn) -> Answer:
            asked = turn.get(Extension, extension).must_exist()
            asked.refuse(turn.get(Task, asked.task), reason, turn.actor, turn.moment)
            return _told(asked, asked.until)

        return await self._store.execute(Command("refuse-extension", by, decide, ((Extension, extension),)))


def _must_be_extendable(task: Task, deadline: Deadline) -> Deadline:
    if deadline.computed is None or task.state.settled:
        raise NothingToExtend(task=task.id)
    return deadline


def _next_extension(turn: Turn, task: str) -> tuple[Extension, Extension | None]:
    """The first extension that nobody has asked for yet, and the one before it."""
    number, last = 1, None
    while (extension := turn.get(Extension, extension_id(task, number))).exists:
        number, last = number + 1, extension
    return extension, last


def _not_later(task: Task, deadline: Deadline, until: date) -> UntilNotLater:
    return UntilNotLater(task=task.id, due_on=deadline.due_on.isoformat(), until=until.isoformat())


def _told(extension: Extension, until: date) -> Answer:
    return {
        "extension": extension.id,
        "task": extension.task,
        "state": extension.state.value,
        "until": until.isoformat(),
    }
