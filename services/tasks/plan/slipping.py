"""How far a plan moved away from its baseline."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from services.tasks.plan.timing import finished_on, offset
from shared.calendar import WorkingCalendar, working_days_between

Row = Mapping[str, Any]


def slippage(
    plan: Row, baseline: Row, tasks: Iterable[Row], calendar: WorkingCalendar | None
) -> dict[str, Any]:
    """Tell by how much each task of the baseline, and the end of the plan, is later than approved.

    Between days that are known it is told in working days (`slipped`, negative where earlier); by how many
    calendar days the window moved relative to T is `window_moved`. What was done counts on the day on which
    it was accepted. What was given up since has no day.
    """
    rows = {row["task"]: row for row in tasks}
    before = {one["task"]: one for one in baseline["tasks"]}
    told = [_task(one, rows[id], calendar) for id, one in before.items() if id in rows]
    planned = [one["due_on"] for one in before.values()]
    now = [_day_of(row, calendar) for row in rows.values() if row["state"] != "cancelled"]
    known = [day for day in now if day is not None]
    return {
        "plan": plan["plan"],
        "baseline": baseline["baseline"],
        "approved_at": baseline["approved_at"],
        "official_on": _moved(baseline["official_on"], plan["official_on"], calendar),
        "end": _moved(
            max((day for day in planned if day is not None), default=None), max(known, default=None), calendar
        ),
        "tasks": told,
        "added": [id for id in rows if id not in before],
        "dropped": [one["task"] for one in told if one["state"] == "cancelled"],
    }


def _task(baseline: Row, row: Row, calendar: WorkingCalendar | None) -> dict[str, Any]:
    gone = row["state"] == "cancelled"
    moved = _moved(baseline["due_on"], None if gone else _day_of(row, calendar), calendar)
    return {
        "task": row["task"],
        "number": row["number"],
        "title": row["title"],
        "department": row["department"],
        "state": row["state"],
        "extensions": row["extensions"],
        "window_moved": offset(row["due_rule"]) - offset(baseline["due"]),
        **moved,
    }


def _day_of(row: Row, calendar: WorkingCalendar | None) -> str | None:
    """The day on which a task was done, or is due."""
    done = None if calendar is None else finished_on(row, calendar)
    day: str | None = row["due_on"] if done is None else done.isoformat()
    return day


def _moved(before: str | None, now: str | None, calendar: WorkingCalendar | None) -> dict[str, Any]:
    told: dict[str, Any] = {"baseline": before, "now": now, "slipped": None}
    if before is not None and now is not None and calendar is not None:
        told["slipped"] = _working_days(date.fromisoformat(before), date.fromisoformat(now), calendar)
    return told


def _working_days(before: date, now: date, calendar: WorkingCalendar) -> int:
    if now < before:
        return -working_days_between(now, before, calendar)
    return working_days_between(before, now, calendar)
