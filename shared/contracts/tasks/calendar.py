"""Single holidays of a calendar: declared, moved and revoked, each by a document and for a reason."""

from datetime import date, datetime

from shared.calendar import Basis, Holiday
from shared.contracts.identity import Token
from shared.contracts.tasks.base import TasksEvent


class CalendarChanged(TasksEvent):
    """What every change of a holiday says: the version that it makes of the calendar, and on what ground.

    `reference` is the document by which it was decided, for example ``Cabinet decision 120/2025``.
    `declared_at` is from when on it is so: no later version is of an earlier moment.
    """

    calendar: Token
    version: int
    label: str
    reference: str
    reason: str
    declared_at: datetime | None = None


class CalendarHolidayDeclared(CalendarChanged, type="calendar.holiday-declared"):
    """A day is an official holiday that was none."""

    holiday: Holiday


class CalendarHolidayMoved(CalendarChanged, type="calendar.holiday-moved"):
    """The holiday of a day is on another day, `to`; `basis` tells how that is known."""

    day: date
    to: date
    basis: Basis


class CalendarHolidayRevoked(CalendarChanged, type="calendar.holiday-revoked"):
    """A day is no official holiday any more."""

    day: date
