"""Working days and deadline rules: pure functions over calendars that are data with versions."""

from shared.calendar.changing import with_holiday, with_moved, without_holiday
from shared.calendar.counting import CountsBy
from shared.calendar.deadline import Deadline, day_of, deadline_of, end_of_day, warning_of
from shared.calendar.difference import ChangedDay, changed_days
from shared.calendar.explaining import Day, ExplainedDay, Part, explained, told_day, told_grant, told_stop
from shared.calendar.joint import together
from shared.calendar.rule import Roll, Rule, Unit, add_working_days, rolled
from shared.calendar.stopping import Standing, Stoppage, Stopped, reckon, stops, working_days_between
from shared.calendar.window import Window
from shared.calendar.working import (
    Basis,
    CalendarDeclaration,
    CalendarVersion,
    Holiday,
    Weekday,
    WorkingCalendar,
)
from shared.calendar.zone import Zone

__all__ = [
    "Basis",
    "CalendarDeclaration",
    "CalendarVersion",
    "ChangedDay",
    "CountsBy",
    "Day",
    "Deadline",
    "ExplainedDay",
    "Holiday",
    "Part",
    "Roll",
    "Rule",
    "Standing",
    "Stoppage",
    "Stopped",
    "Unit",
    "Weekday",
    "Window",
    "WorkingCalendar",
    "Zone",
    "add_working_days",
    "changed_days",
    "day_of",
    "deadline_of",
    "end_of_day",
    "explained",
    "reckon",
    "rolled",
    "stops",
    "together",
    "told_day",
    "told_grant",
    "told_stop",
    "warning_of",
    "with_holiday",
    "with_moved",
    "without_holiday",
    "working_days_between",
]
