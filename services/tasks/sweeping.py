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
from services.tasks.reacting import SERVICE
from services.tasks.task import Task
from shared.contracts.meta import rfc3339
from shared.eventstore.command import Command, Turn
from shared.eventstore.store import EventStore
from shared.projections import Due
from shared.service.made_due import NO_CAUSE, Cause, cause_in, instruction_of_timer

Decision = Callable[[Turn], bool]

NAMESPACE = uuid5(NAMESPACE_URL, "https://tanfidh.org/tasks/deadlines")


class Sweeping:
    """Acts on rows of the view of deadlines, in the order in which something was due about them."""

    def __init__(self, store: EventStore) -> None:
        self._lane = store.lane()

    async def act(self, due: Due) -> None:
        """Record the miss where the due moment has come, otherwise that it is near; neither if it moved.

        Where it comes between the look at the clock and the decision, it is missed in its turn.
        """
        due_at, cause = datetime.fromisoformat(due.row["due_at"]), cause_in(due.row)
        if due.moment < due_at:
            await self._lane.execute(approaching(due.key, due.moment, due_at, cause))
            return
        before = sum(miss["due_at"] == due.row["due_at"] for miss in due.row["misses"])
        await self._lane.execute(missing(due.key, due_at, before, cause))


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
    # An escalation is looked for beforehand: one by one, each would have those after it wait.
    reads = ((Deadline, task), (Task, task), (Escalation, task))
    return Command(name, instruction, decide, reads)


class Escalating:
    """Acts on rows of the view of escalations when the next step is due, in the order in which they were."""

    def __init__(self, store: EventStore) -> None:
        self._lane = store.lane()

    async def act(self, due: Due) -> None:
        """Take the steps that are due; none if the clock of the ladder has been stopped or moved."""
        await self._lane.execute(climbing(due.key, due.moment, cause_in(due.row)))


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
