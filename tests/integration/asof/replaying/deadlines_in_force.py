"""A deadline at a moment of law and fact: what its events and those of its task say of then, one by one.

How it stood is told by what was recorded last of what is effective by then, and by nothing of before it was
set from its present anchor; who had the work by the last step of its task, and misses and what qualifies them
by the moments that they tell themselves.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from services.tasks.views.deadlines import DeadlinesView
from shared.contracts import tasks
from shared.contracts.meta import rfc3339
from shared.eventstore.record import Record
from tests.integration.asof.replaying.replay import Row

OF_TASK = ("department", "handed_in", "handed_in_at")
OF_DEADLINE = (
    *("state", "opens_on", "due_on", "due_at", "deadline", "calendar", "calendar_version", "provisional"),
    *("already_past", "approached", "extensions", "warn_at", "suspended_since", "working_days_left"),
    *("made_due_by", "also"),
    *("submitted_at", "submitted_recorded_at", "on_time"),
)
NEVER = datetime(1, 1, 1, tzinfo=UTC)
UNSET: Row = dict.fromkeys(OF_DEADLINE) | {"state": "none", "approached": [], "also": [], "extensions": 0}


def deadline(records: Sequence[Record], moment: datetime) -> Row:
    """Everything about a deadline as it was; an event that leaves it as it stood is passed over."""
    row: Row | None = None
    stood, before, had, last = UNSET, UNSET, None, None
    began, standing = NEVER, []
    for record in records:
        row = DeadlinesView().fold(record.id, row, record)
        assert row is not None
        now, has = ({name: row[name] for name in names} for names in (OF_DEADLINE, OF_TASK))
        if isinstance(record.event, tasks.DeadlineFact) and now != before:
            before = now
            began = record.effective_at if _anew(record) else began
            since = max(record.effective_at, min(began, record.recorded_at))
            stood = now if since <= moment else stood
            standing += [{**now, "since": rfc3339(since)}] if since <= moment else []
        if isinstance(record.event, tasks.TaskFact) and has != last:
            last = has
            had = has if had is None or _stepped_at(record) <= moment else had
    assert row is not None and had is not None
    misses = list(_misses(records, row["misses"], moment)) if standing else []
    so: Row = {**stood, **had, "misses": misses, "missed": bool(misses)}
    grounds = [ground["ground"] for miss in misses for ground in miss["qualified"]]
    so |= {"qualified": bool(grounds), "taken_away": "drop" in grounds or "move" in grounds}
    so["missed_plainly"] = any(not miss["qualified"] for miss in misses)
    so["standing"] = standing
    so["steps"] = [one for one in row["steps"] if _by(one["since"], moment)]
    return {**so, "next_at": _next(so)}


def _anew(record: Record) -> bool:
    event = record.event
    if not isinstance(event, tasks.DeadlineSet):
        return False
    former = event.supersedes
    return former is None or former.anchored_on != event.deadline.anchored_on


def _stepped_at(record: Record) -> datetime:
    event = record.event
    return event.returned_at if isinstance(event, tasks.TaskReturned) else record.effective_at


def _misses(records: Iterable[Record], told: Iterable[Row], moment: datetime) -> Iterable[Row]:
    beside: list[tuple[date, list[datetime]]] = []
    for record in records:
        match record.event:
            case tasks.DeadlineMissed(due_on=day):
                beside.append((day, []))
            case tasks.DeadlineMissQualified(due_on=day, effective_at=at):
                next(moments for of, moments in reversed(beside) if of == day).append(at)
    for miss, (_, of_it) in zip(told, beside, strict=True):
        if _by(miss["due_at"], moment):
            by_then = zip(miss["qualified"], of_it, strict=True)
            yield miss | {"qualified": [ground for ground, at in by_then if at <= moment]}


def _next(so: Row) -> Any:
    if so["handed_in"] or so["state"] not in ("running", "approaching"):
        return None
    return so["due_at"] if so["state"] == "approaching" or so["warn_at"] is None else so["warn_at"]


def _by(text: str, moment: datetime) -> bool:
    return datetime.fromisoformat(text) <= moment
