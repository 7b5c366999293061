"""How a deadline stood in law and fact at a moment, from the two histories that its row keeps.

Each entry tells since which effective moment something is so. `standing` is that of the deadline, in the
order of recording, `steps` that of its task: who has it, and whether it is handed in.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from services.tasks.deadline import DeadlineState
from services.tasks.views.standing import excuses
from shared.contracts.meta import rfc3339
from shared.service.effective import held_at
from shared.service.made_due import MADE_DUE_BY

Row = dict[str, Any]

UNSET: Mapping[str, Any] = {
    "state": DeadlineState.NONE.value,
    "opens_on": None,
    "due_on": None,
    "due_at": None,
    "deadline": None,
    "calendar": None,
    "calendar_version": None,
    "also": [],
    "provisional": None,
    "already_past": None,
    "approached": [],
    "extensions": 0,
    "warn_at": None,
    "suspended_since": None,
    "working_days_left": None,
    MADE_DUE_BY: None,
    "submitted_at": None,
    "submitted_recorded_at": None,
    "on_time": None,
}
"""What events of a deadline change, but for misses, which tell their own moments: before it is set."""

OF_TASK = ("department", "handed_in", "handed_in_at")


def stood(row: Row, since: datetime, recorded_at: datetime) -> list[Row]:
    """The history of a deadline with what an event made of it; what leaves it as it stood is no entry.

    Nothing is so of a deadline before it was set from its present anchor, whatever moment is said for it: a
    hold of before does not suspend what was not there. One that is set for a day to come stands from now on.
    """
    began = _began(row)
    if began is not None:
        since = max(since, min(began, recorded_at))
    return _with(row["standing"], {name: row[name] for name in UNSET}, since)


def stepped(row: Row, since: datetime) -> list[Row]:
    """The history of its task with what an event made of it."""
    return _with(row["steps"], {name: row[name] for name in OF_TASK}, since)


def in_force_at(row: Row, moment: datetime) -> Row:
    """Everything about a deadline as it was at a moment; the ETag alone is that of the row.

    How it stood is what was recorded last of what is effective by then: each event tells how the deadline
    stands by all that is known, so that a hold of Monday that became known on Thursday goes before what
    Tuesday said. A deadline that was not set by then has no due day, and no miss. A miss is of its due
    moment, and what qualifies it of the moment of that. Before its first step a task is with the department
    that was meant.
    """
    begun = [entry for entry in row["standing"] if _moment(entry["since"]) <= moment]
    step = held_at(row["steps"], moment) or row["steps"][0]
    missed = [miss for miss in row["misses"] if begun and _moment(miss["due_at"]) <= moment]
    misses = [_miss(miss, moment) for miss in missed]
    return {
        **_named(UNSET, begun[-1] if begun else UNSET),
        **_named(OF_TASK, step),
        "misses": misses,
        "missed": bool(misses),
        **excuses(misses),
        "standing": begun,
        "steps": [entry for entry in row["steps"] if _moment(entry["since"]) <= moment],
    }


def _with(history: list[Row], now: Row, since: datetime) -> list[Row]:
    if history and _named(now, history[-1]) == now:
        return history
    return [*history, {**now, "since": rfc3339(since)}]


def _began(row: Row) -> datetime | None:
    """When the deadline was set from its present anchor; None where that is done only now."""
    began = None
    for entry in reversed(row["standing"]):
        if entry["deadline"] is None or entry["deadline"]["anchored_on"] != row["deadline"]["anchored_on"]:
            break
        began = entry
    return None if began is None else _moment(began["since"])


def _miss(miss: Row, moment: datetime) -> Row:
    by_then = [ground for ground in miss["qualified"] if _moment(ground["effective_at"]) <= moment]
    return miss | {"qualified": by_then}


def _named(names: Iterable[str], entry: Mapping[str, Any]) -> Row:
    return {name: entry[name] for name in names}


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
