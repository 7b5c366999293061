"""A supposed holiday: in the versions that were approved for what it moves, and in the newest one.

Holidays that were declared and nobody approved yet are no part of what is supposed: `affected` tells of them.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from services.tasks.calendar import Calendar, Grounds, Reckoning, declare_holiday, joined
from services.tasks.clocks import calendar_of, holds_of
from services.tasks.deadline import Deadline
from services.tasks.decree import Decree
from services.tasks.plan import Plan
from services.tasks.reckoning import reckoning_of
from services.tasks.scheduling import reschedule_under
from services.tasks.task import Task
from shared.calendar import Basis, Holiday, WorkingCalendar
from shared.contracts import tasks as said
from shared.contracts.text import Text
from shared.eventstore.command import Turn

SUPPOSED = Text(en="Supposed", ar="مفترض")

Versions = dict[int, WorkingCalendar]
"""What takes the place of each version of one calendar."""


def suppose_holiday(turn: Turn, decree: str, name: str, day: date, number: int) -> None:
    """Declare it beside what stands, and reckon by that whatever stands under the calendar."""
    holiday = Holiday(day=day, name=SUPPOSED, basis=Basis.ANNOUNCED)
    calendar, known = turn.get(Calendar, name), turn.get(Decree, decree).must_exist()
    plans = [plan for plan in turn.get_all(Plan, known.plans) if plan.dates is not None]
    deadlines = [one for one in turn.get_all(Deadline, known.tasks) if one.computed is not None]
    stand = [part for plan in plans for part in reckoning_of(turn, plan).each]
    stand += [part for one in deadlines for part in calendar_of(turn, one).each]
    versions = _with_holiday(turn, calendar, holiday, [one for one in stand if one.name == name], number)
    for plan in plans:
        reckoning = reckoning_of(turn, plan)
        if any(_is_of(part, name, versions) for part in reckoning.each):
            reschedule_under(turn, plan, _renewed(reckoning, name, versions))
    for deadline, task in zip(deadlines, turn.get_all(Task, [one.id for one in deadlines]), strict=True):
        assert deadline.computed is not None, "those that are set were taken"
        counted = joined(*(_put(one, name, versions) for one in calendar_of(turn, deadline).each))
        deadline.set(task, deadline.computed.anchored_on, counted, holds_of(turn, task), turn.moment)


def _with_holiday(
    turn: Turn, calendar: Calendar, holiday: Holiday, stand: Iterable[WorkingCalendar], number: int
) -> Versions:
    """Give each version that something stands under the holiday, and the newest one last.

    A version that has it already, or does not know the day, stays.
    """
    newest = calendar.in_force()
    grounds = Grounds(reference="supposed", reason="supposed", label=f"supposed {number}")
    declared = declare_holiday(calendar, holiday, grounds, turn.moment)
    versions = {newest.version: declared}
    for one in stand:
        if one.version not in versions and one.covers(holiday.day) and one.holiday_on(holiday.day) is None:
            versions[one.version] = _declared(turn, calendar, one, (*one.holidays, holiday))
    if calendar.in_force() is not declared:
        _declared(turn, calendar, declared, declared.holidays)
    return versions


def _declared(
    turn: Turn, calendar: Calendar, like: WorkingCalendar, holidays: Iterable[Holiday]
) -> WorkingCalendar:
    number = calendar.version + 1
    facts = {name: getattr(like, name) for name in WorkingCalendar.model_fields}
    facts |= {"version": number, "label": f"supposed-{number}"}
    facts["holidays"] = tuple(sorted(holidays, key=lambda one: one.day))
    version = WorkingCalendar(**facts)
    calendar.record(said.CalendarDeclared(calendar=version, declared_at=calendar.declared_at), turn.moment)
    return version


def _is_of(part: WorkingCalendar, name: str, versions: Versions) -> bool:
    return part.name == name and part.version in versions


def _put(part: WorkingCalendar, name: str, versions: Versions) -> WorkingCalendar:
    return versions[part.version] if _is_of(part, name, versions) else part


def _renewed(reckoning: Reckoning, name: str, versions: Versions) -> Reckoning:
    host = None if reckoning.host is None else _put(reckoning.host, name, versions)
    return replace(reckoning, ministry=_put(reckoning.ministry, name, versions), host=host)
