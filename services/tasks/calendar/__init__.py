"""Working calendars, their versions, and the holidays that make them."""

from services.tasks.calendar.calendar import Calendar
from services.tasks.calendar.holidays import Grounds, declare_holiday, move_holiday, revoke_holiday
from services.tasks.calendar.refusals import (
    CalendarNotDeclared,
    HolidayKnown,
    HolidayNotCovered,
    HolidayNotMoved,
    LabelTaken,
    NoHoliday,
    NoSuchVersion,
)

__all__ = [
    "Calendar",
    "CalendarNotDeclared",
    "Grounds",
    "HolidayKnown",
    "HolidayNotCovered",
    "HolidayNotMoved",
    "LabelTaken",
    "NoHoliday",
    "NoSuchVersion",
    "declare_holiday",
    "move_holiday",
    "revoke_holiday",
]
