"""What happens at the moments of deadlines: they approach, and they are missed.

A command's id follows from task, kind and due moment, and from how often that was missed before, so that
whoever plays the same history again gets the same events.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from services.tasks.clocks import calendar_of, holds_of
from services.tasks.deadline import Deadline
from services.tasks.escalating import escalate
from services.tasks.escalation import Escalation
from services.tasks.reactions import SERVICE
from services.tasks.task import Task
from shared.contracts.meta import rfc3339
from shared.domain.clock import Clock
from shared.eventstore.command import Command, Turn
from shared.eventstore.store import EventStore
from shared.projections import Due
from shared.service.made_due import NO_CAUSE, Cause, cause_in, instruction_of_timer

Decision = Callable[[Turn], bool]

NAMESPACE = uuid5(NAMESPACE_URL, "https://tanfidh.org/tasks/deadlines")


class Sweeping:
    """Acts on a row of the view of deadlines when something is due about it."""

    def __init__(self, store: EventStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def act(self, due: Due) -> None:
        """Record the miss where the deadline has passed, otherwise that it is near; neither if it moved."""
        due_at, cause = datetime.fromisoformat(due.row["due_at"]), cause_in(due.row)
        if self._clock() < due_at:
            outcome = await self._store.execute(approaching(due.key, due.moment, due_at, cause))
            if outcome.events:
                return
        # Between the look at the clock and the decision it may have passed as well.
        before = sum(miss["due_at"] == due.row["due_at"] for miss in due.row["misses"])
        await self._store.execute(missing(due.key, due_at, before, cause))


def approaching(task: str, warn_at: datetime, due_at: datetime, cause: Cause = NO_CAUSE) -> Command[Any]:
    """The command that says a deadline is near, if it still is at `due_at`, and nothing is handed in.

    `cause` is the event that set the present due day.
    """

    def decide(turn: Turn) -> bool:
        deadline = turn.get(Deadline, task)
        if deadline.due_at != due_at:
            return False
        return deadline.approach(turn.get(Task, task), calendar_of(turn, deadline), turn.moment)

    return _command("note-approaching-deadline", "approaching", task, warn_at, due_at, decide, cause)


def missing(task: str, due_at: datetime, before: int = 0, cause: Cause = NO_CAUSE) -> Command[Any]:
    """The command that records a miss, if the deadline still is at `due_at`, and nothing is handed in.

    `before` counts the misses of that moment that are told already: it was moved away, and is due again.
    `cause` is the event that set the present due day.
    """

    def decide(turn: Turn) -> bool:
        deadline, missed = turn.get(Deadline, task), turn.get(Task, task)
        if deadline.due_at != due_at:
            return False
        was_missed = deadline.miss(missed, holds_of(turn, missed), turn.moment)
        escalate(turn, missed, deadline)
        return was_missed

    kind = f"missed-{before + 1}" if before else "missed"
    return _command("record-missed-deadline", kind, task, due_at, due_at, decide, cause)


def _command(
    name: str, kind: str, task: str, effective_at: datetime, due_at: datetime, decide: Decision, cause: Cause
) -> Command[Any]:
    id = uuid5(NAMESPACE, f"{task}/{kind}/{rfc3339(due_at)}")
    instruction = instruction_of_timer(id, SERVICE, effective_at, cause)
    return Command(name, instruction, decide, ((Deadline, task), (Task, task)))


class Escalating:
    """Acts on a row of the view of escalations when its next step is due."""

    def __init__(self, store: EventStore) -> None:
        self._store = store

    async def act(self, due: Due) -> None:
        """Take the steps that are due; none if the clock of the ladder has been stopped or moved."""
        await self._store.execute(climbing(due.key, due.moment, cause_in(due.row)))


def climbing(task: str, next_at: datetime, cause: Cause = NO_CAUSE) -> Command[Any]:
    """The command that takes the steps of an escalation that are due, if the next still is at `next_at`.

    `cause` is the event that set that moment: the ladder's beginning, the step before, or what stopped it.
    """

    def decide(turn: Turn) -> bool:
        if turn.get(Escalation, task).next_at != next_at:
            return False
        return escalate(turn, turn.get(Task, task), turn.get(Deadline, task))

    id = uuid5(NAMESPACE, f"{task}/escalated/{rfc3339(next_at)}")
    reads = ((Escalation, task), (Deadline, task), (Task, task))
    return Command("climb-ladder", instruction_of_timer(id, SERVICE, next_at, cause), decide, reads)
