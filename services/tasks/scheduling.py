"""Deadlines of a plan and of all its tasks, in one command under one calendar version."""

from typing import Any

from services.tasks.calendar import Calendar
from services.tasks.plan import ClosingDates, Plan
from services.tasks.task import Task
from shared.eventstore.command import Turn


def schedule_plan(turn: Turn, plan_id: str, dates: ClosingDates) -> dict[str, Any]:
    """Compute every open task's deadline from T; a measure without a plan is left alone.

    Where the dates and the calendar version are those of the last time, nothing changes. Where the dates
    are others, work on the former ones that waits for acceptance goes back to its doers.
    """
    plan = turn.get(Plan, plan_id)
    if not plan.exists:
        return {"plan": plan_id, "scheduled": 0}
    calendar = turn.get(Calendar, plan.calendar).in_force()
    tasks = [turn.get(Task, task.task) for task in plan.tasks]
    moved = plan.dates != dates
    if not plan.schedule(dates, calendar, turn.moment):
        return {"plan": plan_id, "scheduled": 0}
    scheduled = [task.schedule(dates.official_on, calendar, turn.moment) for task in tasks]
    returned = [task.id for task in tasks if moved and task.note_other_dates(turn.actor, turn.moment)]
    return {
        "plan": plan_id,
        "official_on": dates.official_on.isoformat(),
        "calendar": calendar.name,
        "calendar_version": calendar.version,
        "scheduled": sum(scheduled),
        "returned": returned,
    }


def reschedule_plan(turn: Turn, plan_id: str) -> dict[str, Any]:
    """Compute the plan's deadlines again from the same dates under the newest calendar version."""
    return schedule_plan(turn, plan_id, turn.get(Plan, plan_id).must_have_dates())
