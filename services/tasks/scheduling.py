"""Deadlines of a plan's or a decree's own tasks, set in one command under one calendar version."""

from datetime import datetime
from typing import Any

from services.tasks.calendar import Calendar
from services.tasks.deadline import Deadline
from services.tasks.decree import Decree
from services.tasks.plan import ClosingDates, Plan
from services.tasks.plan.state import STANDING
from services.tasks.task import Task
from shared.eventstore.command import Turn


def schedule_plan(
    turn: Turn, plan_id: str, dates: ClosingDates, known_at: datetime | None = None
) -> dict[str, Any]:
    """Set every open task's deadline from T; a measure without a plan that stands is left alone.

    Where the dates and the calendar version are those of the last time, nothing changes. Where the dates
    are others, work on the former ones that waits for acceptance goes back to its doers. Another T sets the
    deadlines anew by their rules, whatever was granted before; under the same T an extension stands.
    `known_at` is when the registry recorded the dates: what had not passed then is not missed.
    """
    plan = turn.get(Plan, plan_id)
    if plan.state not in STANDING:
        return {"plan": plan_id, "scheduled": 0}
    calendar = turn.get(Calendar, plan.ordered.calendar).in_force()
    holds = turn.get(Decree, plan.ordered.decree).covering(plan.ordered.article, plan.id)
    ids = [listed.task for listed in plan.tasks]
    pairs = list(zip(turn.get_all(Task, ids), turn.get_all(Deadline, ids), strict=True))
    moved = plan.dates != dates
    if not plan.schedule(dates, calendar, turn.moment):
        return {"plan": plan_id, "scheduled": 0}
    scheduled, returned = 0, []
    for task, deadline in pairs:
        scheduled += deadline.set(task, dates.official_on, calendar, holds, turn.moment, known_at)
        if moved and task.note_other_dates(turn.actor, turn.moment):
            deadline.give_back(task, holds, turn.moment)
            returned.append(task.id)
    return {
        "plan": plan_id,
        "official_on": dates.official_on.isoformat(),
        "calendar": calendar.name,
        "calendar_version": calendar.version,
        "scheduled": scheduled,
        "returned": returned,
    }


def reschedule_plan(turn: Turn, plan_id: str) -> dict[str, Any]:
    """Compute the plan's deadlines again from the same dates under the newest calendar version."""
    return schedule_plan(turn, plan_id, turn.get(Plan, plan_id).must_have_dates())


def reschedule_decree(turn: Turn, id: str) -> dict[str, Any]:
    """Compute the deadlines of a decree's own tasks again from their anchors under the newest calendar.

    What was granted stands. A task whose anchor is not known yet is left alone.
    """
    decree = turn.get(Decree, id).must_exist()
    tasks, deadlines = turn.get_all(Task, decree.tasks), turn.get_all(Deadline, decree.tasks)
    scheduled = []
    for task, deadline in zip(tasks, deadlines, strict=True):
        if deadline.computed is None:
            continue
        calendar = turn.get(Calendar, task.planned.calendar).in_force()
        holds = decree.covering(task.planned.article, task.planned.measure)
        if deadline.set(task, deadline.computed.anchored_on, calendar, holds, turn.moment):
            scheduled.append(task.id)
    return {"decree": id, "scheduled": scheduled}
