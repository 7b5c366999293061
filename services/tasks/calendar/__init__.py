"""Working calendars, their versions, and the holidays that make them."""

from services.tasks.calendar.calendar import Calendar
from services.tasks.calendar.holidays import Grounds, declare_holiday, move_holiday, revoke_holiday
from services.tasks.calendar.refusals import (
    CalendarNotDeclared,
    CalendarOfOthers,
    HolidayKnown,
    HolidayNotCovered,
    HolidayNotMoved,
    LabelTaken,
    NoHoliday,
    NoSuchVersion,
    NothingToApplyTo,
    NotTheNewest,
)

__all__ = [
    "Calendar",
    "CalendarNotDeclared",
    "CalendarOfOthers",
    "Grounds",
    "HolidayKnown",
    "HolidayNotCovered",
    "HolidayNotMoved",
    "LabelTaken",
    "NoHoliday",
    "NoSuchVersion",
    "NotTheNewest",
    "NothingToApplyTo",
    "declare_holiday",
    "move_holiday",
    "revoke_holiday",
]
