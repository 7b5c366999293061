"""A newer version of a calendar, applied to a plan, a decree or a meeting once it is approved."""

from collections.abc import Iterable, Sequence
from typing import Any

from services.tasks.calendar import Calendar, CalendarOfOthers, NotTheNewest
from services.tasks.deadline import Deadline
from services.tasks.decree import Decree
from services.tasks.meeting import Meeting
from services.tasks.moments import must_follow
from services.tasks.moving import Before, moved, standing_of
from services.tasks.plan import Plan
from services.tasks.reckoning import reckoning_of
from services.tasks.scheduling import recounted, reschedule_decree, reschedule_own, reschedule_plan
from services.tasks.task import Task
from shared.calendar import WorkingCalendar
from shared.eventstore.command import Turn

Answer = dict[str, Any]


def apply_to_plan(turn: Turn, calendar: str, version: int, id: str) -> Answer:
    """Compute the deadlines of a plan again under the version that was approved, which must be the newest.

    Refuses a plan that is not counted by the calendar, and one that has no dates yet. What was missed stays
    missed. A calendar of the host State that was declared after the plan was dated is approved like this.
    """
    newest = _must_be_newest(turn, calendar, version)
    plan = turn.get(Plan, id)
    plan.must_have_dates()
    if (reckoning := reckoning_of(turn, plan)).under(newest, plan.host_asked) is None:
        others = [one.name for one in reckoning.each]
        raise CalendarOfOthers(kind=plan.kind, id=id, calendar=calendar, other=", ".join(others))
    deadlines = _deadlines(turn, (listed.task for listed in plan.tasks))
    before = standing_of(deadlines)
    _must_follow(turn, calendar, deadlines)
    reschedule_plan(turn, id, calendar)
    return _told(turn, calendar, version, before, deadlines)


def apply_to_decree(turn: Turn, calendar: str, version: int, id: str) -> Answer:
    """Do the same for the decree's own tasks and for every plan of it with dates that is counted by it."""
    newest = _must_be_newest(turn, calendar, version)
    decree = turn.get(Decree, id).must_exist()
    plans = [plan for plan in turn.get_all(Plan, decree.plans) if _counts_by(turn, plan, newest)]
    concerned = _concerned(turn, decree.tasks, newest)
    deadlines = _deadlines(turn, [*concerned, *(listed.task for plan in plans for listed in plan.tasks)])
    before = standing_of(deadlines)
    _must_follow(turn, calendar, deadlines)
    reschedule_decree(turn, id, calendar)
    for plan in plans:
        reschedule_plan(turn, plan.id, calendar)
    return _told(turn, calendar, version, before, deadlines)


def apply_to_meeting(turn: Turn, calendar: str, version: int, id: str) -> Answer:
    """Do the same for the tasks of a meeting's decisions: without a decree nothing else leads to them."""
    newest = _must_be_newest(turn, calendar, version)
    meeting = turn.get(Meeting, id).must_exist()
    ids = [task for decision in meeting.decisions for task in decision.tasks]
    deadlines = _deadlines(turn, _concerned(turn, ids, newest))
    before = standing_of(deadlines)
    _must_follow(turn, calendar, deadlines)
    reschedule_own(turn, ids, calendar)
    return _told(turn, calendar, version, before, deadlines)


def _concerned(turn: Turn, own: Sequence[str], newest: WorkingCalendar) -> list[str]:
    """Those of tasks without a plan that are counted by a calendar."""
    pairs = zip(turn.get_all(Task, own), turn.get_all(Deadline, own), strict=True)
    return [task.id for task, deadline in pairs if recounted(turn, task, deadline, newest) is not None]


def _counts_by(turn: Turn, plan: Plan, newest: WorkingCalendar) -> bool:
    if plan.dates is None:
        return False
    return reckoning_of(turn, plan).under(newest, plan.host_asked) is not None


def _must_be_newest(turn: Turn, calendar: str, version: int) -> WorkingCalendar:
    newest = turn.get(Calendar, calendar).must_exist().in_force()
    if newest.version != version:
        raise NotTheNewest(calendar=calendar, version=version, newest=newest.version)
    return newest


def _must_follow(turn: Turn, calendar: str, deadlines: Iterable[Deadline]) -> None:
    declared_at = turn.get(Calendar, calendar).declared_at
    must_follow(turn.moment, declared_at, *(deadline.set_at for deadline in deadlines))


def _deadlines(turn: Turn, tasks: Iterable[str]) -> list[Deadline]:
    """The deadlines of tasks, loaded together with these before anything is recorded."""
    ids = list(tasks)
    turn.get_all(Task, ids)
    return turn.get_all(Deadline, ids)


def _told(turn: Turn, calendar: str, version: int, before: Before, deadlines: Sequence[Deadline]) -> Answer:
    """Tell what moved, and of each whether that makes a miss."""
    return {"calendar": calendar, "version": version, "moved": moved(turn, before, deadlines)}
