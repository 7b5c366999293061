"""Deadlines of a plan and of all its tasks, in one command under one calendar version."""

from datetime import date
from typing import Any

from services.tasks.calendar import Calendar
from services.tasks.plan import Plan
from services.tasks.task import Task
from shared.eventstore.command import Turn


def schedule_plan(turn: Turn, plan_id: str, official_on: date) -> dict[str, Any]:
    """Compute every open task's deadline from T; a measure without a plan is left alone.

    Where T and the calendar version are those of the last time, nothing changes.
    """
    plan = turn.get(Plan, plan_id)
    if not plan.exists:
        return {"plan": plan_id, "scheduled": 0}
    calendar = turn.get(Calendar, plan.calendar).in_force()
    tasks = [turn.get(Task, task.task) for task in plan.tasks]
    if not plan.schedule(official_on, calendar, turn.moment):
        return {"plan": plan_id, "scheduled": 0}
    for task in tasks:
        task.schedule(official_on, calendar, turn.moment)
    return {
        "plan": plan_id,
        "official_on": official_on.isoformat(),
        "calendar": calendar.name,
        "calendar_version": calendar.version,
        "scheduled": sum(bool(task.pending_events) for task in tasks),
    }


def reschedule_plan(turn: Turn, plan_id: str) -> dict[str, Any]:
    """Compute the plan's deadlines again from the same T under the newest calendar version."""
    return schedule_plan(turn, plan_id, turn.get(Plan, plan_id).must_have_date())
