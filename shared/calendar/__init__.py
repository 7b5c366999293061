"""Working days and deadline rules: pure functions over calendars that are data with versions."""

from shared.calendar.deadline import Deadline, deadline_of, end_of_day
from shared.calendar.rule import Roll, Rule, Unit
from shared.calendar.window import Window
from shared.calendar.working import Basis, CalendarDeclaration, Holiday, Weekday, WorkingCalendar

__all__ = [
    "Basis",
    "CalendarDeclaration",
    "Deadline",
    "Holiday",
    "Roll",
    "Rule",
    "Unit",
    "Weekday",
    "Window",
    "WorkingCalendar",
    "deadline_of",
    "end_of_day",
]
