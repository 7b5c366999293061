"""A newer version of a calendar, applied to the deadlines of a plan or a decree once it is approved."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from services.tasks.calendar import Calendar, CalendarOfOthers, NotTheNewest
from services.tasks.deadline import Deadline
from services.tasks.decree import Decree
from services.tasks.moments import must_follow
from services.tasks.plan import Plan
from services.tasks.scheduling import reschedule_decree, reschedule_plan
from services.tasks.task import Task
from shared.contracts.meta import rfc3339
from shared.eventstore.command import Turn

Answer = dict[str, Any]
Due = dict[str, tuple[date, datetime]]


def apply_to_plan(turn: Turn, calendar: str, version: int, id: str) -> Answer:
    """Compute the deadlines of a plan again under the version that was approved, which must be the newest.

    Refuses a plan of another calendar, and one that has no dates yet. What was missed stays missed.
    """
    _must_be_newest(turn, calendar, version)
    plan = turn.get(Plan, id)
    plan.must_have_dates()
    if plan.ordered.calendar != calendar:
        raise CalendarOfOthers(kind=plan.kind, id=id, calendar=calendar, other=plan.ordered.calendar)
    deadlines = _deadlines(turn, (listed.task for listed in plan.tasks))
    before = _due(deadlines)
    _must_follow(turn, calendar, deadlines)
    reschedule_plan(turn, id)
    return _told(calendar, version, before, deadlines)


def apply_to_decree(turn: Turn, calendar: str, version: int, id: str) -> Answer:
    """Do the same for the decree's own tasks and for every plan of it that has dates and this calendar."""
    _must_be_newest(turn, calendar, version)
    decree = turn.get(Decree, id).must_exist()
    plans = [
        plan for plan in turn.get_all(Plan, decree.plans) if plan.dates and plan.ordered.calendar == calendar
    ]
    own = [task.id for task in turn.get_all(Task, decree.tasks) if task.planned.calendar == calendar]
    deadlines = _deadlines(turn, [*own, *(listed.task for plan in plans for listed in plan.tasks)])
    before = _due(deadlines)
    _must_follow(turn, calendar, deadlines)
    reschedule_decree(turn, id, calendar)
    for plan in plans:
        reschedule_plan(turn, plan.id)
    return _told(calendar, version, before, deadlines)


def _must_be_newest(turn: Turn, calendar: str, version: int) -> None:
    newest = turn.get(Calendar, calendar).must_exist().in_force()
    if newest.version != version:
        raise NotTheNewest(calendar=calendar, version=version, newest=newest.version)


def _must_follow(turn: Turn, calendar: str, deadlines: Iterable[Deadline]) -> None:
    declared_at = turn.get(Calendar, calendar).declared_at
    must_follow(turn.moment, declared_at, *(deadline.set_at for deadline in deadlines))


def _deadlines(turn: Turn, tasks: Iterable[str]) -> list[Deadline]:
    """The deadlines of tasks, loaded together with these before anything is recorded."""
    ids = list(tasks)
    turn.get_all(Task, ids)
    return turn.get_all(Deadline, ids)


def _due(deadlines: Iterable[Deadline]) -> Due:
    return {one.id: (one.due_on, one.due_at) for one in deadlines if one.due_at is not None}


def _told(calendar: str, version: int, before: Due, deadlines: Iterable[Deadline]) -> Answer:
    """Tell what moved: the day, and the moment at which it is over, which another zone moves alone."""
    moved = []
    for task, (due_on, due_at) in _due(deadlines).items():
        was_due_on, was_due_at = before[task]
        if (due_on, due_at) != (was_due_on, was_due_at):
            moments = {"from": rfc3339(was_due_at), "to": rfc3339(due_at)}
            days = {"from": was_due_on.isoformat(), "to": due_on.isoformat()}
            moved.append({"task": task, **days, "due_at": moments})
    return {"calendar": calendar, "version": version, "moved": moved}
