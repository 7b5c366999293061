"""What a change did to deadlines, as the command that made it tells."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.tasks.clocks import calendar_of, holds_of
from services.tasks.deadline import Deadline
from services.tasks.task import Task
from shared.contracts.meta import rfc3339
from shared.eventstore.command import Turn

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stood:
    """How a deadline stood before a change; nothing where it was not set."""

    due_on: date | None = None
    due_at: datetime | None = None
    rule_due_on: date | None = None


Before = Mapping[str, Stood]


def standing_of(deadlines: Iterable[Deadline]) -> Before:
    """How deadlines stand before a change, by their tasks."""
    return {
        one.id: Stood(one.due_on, one.due_at, one.computed.due_on)
        for one in deadlines
        if one.computed is not None
    }


def moved(turn: Turn, before: Before, deadlines: Sequence[Deadline]) -> list[Row]:
    """Tell what moved: the day, and the moment at which it is over, which another zone moves alone.

    `from` is null where nothing was due before. `misses` says that the new moment is over and makes a miss,
    which stays; `extension` is the one that was granted, where the day is its.
    """
    rows = []
    for deadline in deadlines:
        was = before.get(deadline.id, Stood())
        if deadline.due_at is not None and (deadline.due_on, deadline.due_at) != (was.due_on, was.due_at):
            rows.append(_moved(turn, was, deadline, deadline.due_at))
    return rows


def kept_by_extension(turn: Turn, before: Before, deadlines: Iterable[Deadline]) -> list[Row]:
    """Tell which deadlines stay on the day that was granted, though their rules give another one now."""
    rows = []
    for one in deadlines:
        was = before.get(one.id, Stood())
        if one.computed is None or one.granted is None or not _by_extension(turn, one):
            continue
        if one.due_on == was.due_on and one.computed.due_on != was.rule_due_on:
            days = {"due_on": one.due_on.isoformat(), "rule_due_on": one.computed.due_on.isoformat()}
            rows.append({"task": one.id, "extension": one.granted.extension, **days})
    return rows


def _by_extension(turn: Turn, deadline: Deadline) -> bool:
    """Whether the day that was granted counts, and not that of the rule."""
    task = turn.get(Task, deadline.id)
    return deadline.course(task, calendar_of(turn, deadline), holds_of(turn, task))[0].granted


def _moved(turn: Turn, was: Stood, deadline: Deadline, due_at: datetime) -> Row:
    extension = deadline.granted.extension if deadline.granted and _by_extension(turn, deadline) else None
    return {
        "task": deadline.id,
        "from": None if was.due_on is None else was.due_on.isoformat(),
        "to": deadline.due_on.isoformat(),
        "due_at": {"from": None if was.due_at is None else rfc3339(was.due_at), "to": rfc3339(due_at)},
        "extension": extension,
        "misses": deadline.to_be_missed(turn.get(Task, deadline.id), turn.moment.recorded_at),
    }
