"""Working calendars, their versions, and the holidays that make them."""

from services.tasks.calendar.calendar import Calendar
from services.tasks.calendar.holidays import Grounds, declare_holiday, move_holiday, revoke_holiday
from services.tasks.calendar.reckoning import Reckoning, joined, renewed
from services.tasks.calendar.refusals import (
    CalendarNotDeclared,
    CalendarOfOthers,
    CalendarsNotTogether,
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
    "CalendarsNotTogether",
    "Grounds",
    "HolidayKnown",
    "HolidayNotCovered",
    "HolidayNotMoved",
    "LabelTaken",
    "NoHoliday",
    "NoSuchVersion",
    "NotTheNewest",
    "NothingToApplyTo",
    "Reckoning",
    "declare_holiday",
    "joined",
    "move_holiday",
    "renewed",
    "revoke_holiday",
]
