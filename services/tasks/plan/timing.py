"""The timetable of a plan as its rows tell it: its critical path, on working days or on days before T."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from services.tasks.plan.axis import WorkingAxis
from services.tasks.plan.network import Activity, Timing, critical_path, reckoned
from shared.calendar import Rule, WorkingCalendar, day_of

Row = Mapping[str, Any]

SETTLED = ("accepted", "cancelled")


def dated_path(plan: Row, tasks: Iterable[Row], calendar: WorkingCalendar, on: date) -> dict[str, Any]:
    """The critical path of a plan with dates, in working days; open work begins on the day `on`."""
    rows = {row["task"]: row for row in tasks if row["state"] != "cancelled"}
    days = [on, *(day for row in rows.values() for day in _days_of(row, calendar))]
    axis = WorkingAxis(calendar, days, beyond=sum(row["days"] for row in rows.values()) + 1)
    activities = [
        Activity(
            id=id,
            days=row["days"],
            needs=tuple(row["needs"]),
            not_before=_number(axis, row["opens_on"]),
            due=None if row["due_on"] is None else axis.until_day(date.fromisoformat(row["due_on"])),
            finished=None if (done := finished_on(row, calendar)) is None else axis.until_day(done),
        )
        for id, row in rows.items()
    ]
    timed = reckoned(activities, axis.from_day(on))

    def told(number: int | None) -> str | None:
        return None if number is None else axis.day(number).isoformat()

    return _answer(plan, rows, timed, told, WorkingAxis.unit) | {"on": on.isoformat()}


def undated_path(plan: Row, tasks: Iterable[Row]) -> dict[str, Any]:
    """The same before T is set, in calendar days relative to it: what the windows leave, whoever did what."""
    rows = {row["task"]: row for row in tasks if row["state"] not in SETTLED}
    activities = [
        Activity(
            id=id,
            days=row["days"],
            needs=tuple(row["needs"]),
            not_before=None if row["opens_rule"] is None else offset(row["opens_rule"]),
            due=offset(row["due_rule"]),
        )
        for id, row in rows.items()
    ]
    begun = [one.due - one.days + 1 for one in activities if one.due is not None]
    opened = [one.not_before for one in activities if one.not_before is not None]
    timed = reckoned(activities, min([*begun, *opened], default=0))
    return _answer(plan, rows, timed, lambda number: number, "day-from-official-date") | {"on": None}


def offset(rule: str) -> int:
    """The calendar days from T of a rule of a plan, negative before it."""
    return Rule.parse(rule).count


def finished_on(row: Row, calendar: WorkingCalendar) -> date | None:
    """The day on which an accepted task was accepted, in the calendar's zone."""
    if row["state"] != "accepted":
        return None
    return day_of(datetime.fromisoformat(row["settled_at"]), calendar)


def _days_of(row: Row, calendar: WorkingCalendar) -> Iterable[date]:
    done = finished_on(row, calendar)
    if done is not None:
        yield done
    yield from (date.fromisoformat(row[name]) for name in ("opens_on", "due_on") if row[name] is not None)


def _number(axis: WorkingAxis, day: str | None) -> int | None:
    return None if day is None else axis.from_day(date.fromisoformat(day))


def _answer(
    plan: Row, rows: Mapping[str, Row], timed: Mapping[str, Timing], told: Any, unit: str
) -> dict[str, Any]:
    path = critical_path(timed)
    ends = [timing.earliest_finish for timing in timed.values()]
    return {
        "plan": plan["plan"],
        "state": plan["state"],
        "official_on": plan["official_on"],
        "unit": unit,
        "ends": told(max(ends)) if ends else None,
        "critical_path": list(path),
        "tasks": [
            {
                "task": id,
                "number": rows[id]["number"],
                "title": rows[id]["title"],
                "department": rows[id]["department"],
                "state": rows[id]["state"],
                "days": rows[id]["days"],
                "earliest_start": told(timing.earliest_start),
                "earliest_finish": told(timing.earliest_finish),
                "latest_start": told(timing.latest_start),
                "latest_finish": told(timing.latest_finish),
                "slack": timing.slack,
                "waits_for": timing.driver,
                "critical": id in path,
            }
            for id, timing in sorted(timed.items())
        ],
    }
