"""Working days and deadline rules: pure functions over calendars that are data with versions."""

from shared.calendar.deadline import Deadline, day_of, deadline_of, end_of_day, warning_of
from shared.calendar.rule import Roll, Rule, Unit, rolled
from shared.calendar.stopping import Standing, Stoppage, reckon, working_days_between
from shared.calendar.window import Window
from shared.calendar.working import Basis, CalendarDeclaration, Holiday, Weekday, WorkingCalendar
from shared.calendar.zone import Zone

__all__ = [
    "Basis",
    "CalendarDeclaration",
    "Deadline",
    "Holiday",
    "Roll",
    "Rule",
    "Standing",
    "Stoppage",
    "Unit",
    "Weekday",
    "Window",
    "WorkingCalendar",
    "Zone",
    "day_of",
    "deadline_of",
    "end_of_day",
    "reckon",
    "rolled",
    "warning_of",
    "working_days_between",
]
