"""Deadlines of a plan's or a decree's own tasks, set in one command under one calendar version."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.tasks.calendar import Calendar, Reckoning, renewed
from services.tasks.clocks import calendar_of, holds_of
from services.tasks.deadline import Deadline
from services.tasks.decree import Decree
from services.tasks.escalating import escalate, expect_escalations
from services.tasks.plan import ClosingDates, Plan
from services.tasks.plan.state import STANDING
from services.tasks.reckoning import newest_reckoning, reckoning_of
from services.tasks.task import Task
from shared.calendar import WorkingCalendar
from shared.eventstore.command import Turn


def schedule_plan(
    turn: Turn, plan_id: str, dates: ClosingDates, known_at: datetime | None = None
) -> dict[str, Any]:
    """Set every task's deadline from T; a measure without a plan that stands is left alone.

    Work that was handed in or accepted before there were dates is judged by them at once.

    Where the dates and the calendar version are those of the last time, nothing changes. Where the dates
    are others, work on the former ones that waits for acceptance goes back to its doers. Another T sets the
    deadlines anew by their rules, whatever was granted before; under the same T an extension stands.
    Calendars count in their newest versions. `known_at` is when the registry recorded the dates: what had not
    passed then is not missed.
    """
    plan = turn.get(Plan, plan_id)
    if plan.state not in STANDING:
        return {"plan": plan_id, "scheduled": 0}
    return _schedule(
        turn, plan, dates, newest_reckoning(turn, plan.ordered.calendar, plan.host_asked), known_at
    )


def reschedule_plan(turn: Turn, plan_id: str, calendar: str) -> dict[str, Any]:
    """Compute the plan's deadlines again from the same dates under the newest version of one calendar.

    The other calendar, where there is one, stays as it is: nobody approved a newer version of that. A plan
    that is not counted by the calendar is left alone.
    """
    plan = turn.get(Plan, plan_id)
    dates, newest = plan.must_have_dates(), turn.get(Calendar, calendar).in_force()
    reckoning = reckoning_of(turn, plan).under(newest, plan.host_asked)
    if reckoning is None or plan.state not in STANDING:
        return {"plan": plan_id, "scheduled": 0}
    return _schedule(turn, plan, dates, reckoning, None)


def reschedule_under(turn: Turn, plan: Plan, reckoning: Reckoning) -> None:
    """Compute the deadlines of a plan that has dates again under other versions of its calendars."""
    if plan.state in STANDING:
        _schedule(turn, plan, plan.must_have_dates(), reckoning, None)


def _schedule(
    turn: Turn, plan: Plan, dates: ClosingDates, reckoning: Reckoning, known_at: datetime | None
) -> dict[str, Any]:
    holds = turn.get(Decree, plan.ordered.decree).covering(plan.ordered.article, plan.id)
    ids = [listed.task for listed in plan.tasks]
    pairs = list(zip(turn.get_all(Task, ids), turn.get_all(Deadline, ids), strict=True))
    expect_escalations(turn, pairs)
    counted = {by: reckoning.by(by) for by in {task.planned.counts_by for task, _ in pairs}}
    moved = plan.dates != dates
    if not plan.schedule(dates, reckoning, turn.moment):
        return {"plan": plan.id, "scheduled": 0}
    scheduled, returned = 0, []
    for task, deadline in pairs:
        calendar = counted[task.planned.counts_by]
        scheduled += deadline.set(task, dates.official_on, calendar, holds, turn.moment, known_at)
        if moved and task.note_other_dates(turn.actor, turn.moment):
            deadline.give_back(task, holds, turn.moment)
            returned.append(task.id)
        escalate(turn, task, deadline)
    return {
        "plan": plan.id,
        "official_on": dates.official_on.isoformat(),
        "calendar": reckoning.ministry.name,
        "calendar_version": reckoning.ministry.version,
        "host_calendar": None if reckoning.host is None else reckoning.host.name,
        "scheduled": scheduled,
        "returned": returned,
    }


def reschedule_decree(turn: Turn, id: str, calendar: str) -> dict[str, Any]:
    """Compute the deadlines of a decree's own tasks again from their anchors under the newest calendar.

    What was granted stands. A task whose anchor is not known yet is left alone, and so is one that is not
    counted by the calendar; the other calendar of one that is counted by two stays as it is.
    """
    return {
        "decree": id,
        "scheduled": reschedule_own(turn, turn.get(Decree, id).must_exist().tasks, calendar),
    }


def reschedule_own(turn: Turn, ids: Sequence[str], calendar: str) -> list[str]:
    """Do so for tasks without a plan, of a decree or a meeting; return those whose deadlines are new."""
    newest = turn.get(Calendar, calendar).in_force()
    tasks, deadlines = turn.get_all(Task, ids), turn.get_all(Deadline, ids)
    expect_escalations(turn, zip(tasks, deadlines, strict=True))
    scheduled = []
    for task, deadline in zip(tasks, deadlines, strict=True):
        counted = recounted(turn, task, deadline, newest)
        if counted is None or deadline.computed is None:
            continue
        if deadline.set(task, deadline.computed.anchored_on, counted, holds_of(turn, task), turn.moment):
            scheduled.append(task.id)
            escalate(turn, task, deadline)
    return scheduled


def recounted(turn: Turn, task: Task, deadline: Deadline, newest: WorkingCalendar) -> WorkingCalendar | None:
    """What a deadline is counted by where a version of a calendar is approved; None where it has no part."""
    if deadline.computed is None:
        return None
    terms, stands = task.planned, calendar_of(turn, deadline)
    return renewed(stands, terms.calendar, terms.counts_by, terms.host, newest)
