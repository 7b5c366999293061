"""Single holidays of a calendar: each one declared, moved or revoked makes the next version of it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypedDict

from services.tasks.calendar.calendar import Calendar
from services.tasks.calendar.refusals import (
    HolidayKnown,
    HolidayNotCovered,
    HolidayNotMoved,
    NoHoliday,
    TooManyHolidays,
)
from services.tasks.moments import must_follow
from shared.calendar import Basis, Holiday, WorkingCalendar
from shared.contracts import tasks as said
from shared.domain import Moment

MOST_HOLIDAYS = 1000
"""As many as a declaration may have."""

LONGEST_LABEL = 64


@dataclass(frozen=True, slots=True)
class Grounds:
    """By which document a holiday is changed, and why; `label` names the new version, where it has a name."""

    reference: str
    reason: str
    label: str | None = None


class _Facts(TypedDict):
    calendar: str
    version: int
    label: str
    reference: str
    reason: str
    declared_at: datetime


def declare_holiday(
    calendar: Calendar, holiday: Holiday, grounds: Grounds, moment: Moment
) -> WorkingCalendar:
    """Make a day an official holiday; refuses one that is, and one outside the days that are covered."""
    newest = calendar.in_force()
    _must_be_free(newest, holiday.day)
    if len(newest.holidays) >= MOST_HOLIDAYS:
        raise TooManyHolidays(calendar=calendar.id, most=MOST_HOLIDAYS)
    facts = _facts(calendar, grounds, moment)
    calendar.record(said.CalendarHolidayDeclared(**facts, holiday=holiday), moment)
    return calendar.in_force()


def move_holiday(
    calendar: Calendar, day: date, to: date, basis: Basis, grounds: Grounds, moment: Moment
) -> WorkingCalendar:
    """Put the holiday of a day on another one, as when the moon is sighted a day later."""
    newest = calendar.in_force()
    _must_be_holiday(newest, day)
    if day == to:
        raise HolidayNotMoved(calendar=calendar.id, day=day.isoformat())
    _must_be_free(newest, to)
    facts = _facts(calendar, grounds, moment)
    calendar.record(said.CalendarHolidayMoved(**facts, day=day, to=to, basis=basis), moment)
    return calendar.in_force()


def revoke_holiday(calendar: Calendar, day: date, grounds: Grounds, moment: Moment) -> WorkingCalendar:
    """Make a day that is an official holiday none."""
    _must_be_holiday(calendar.in_force(), day)
    calendar.record(said.CalendarHolidayRevoked(**_facts(calendar, grounds, moment), day=day), moment)
    return calendar.in_force()


def _facts(calendar: Calendar, grounds: Grounds, moment: Moment) -> _Facts:
    must_follow(moment, calendar.declared_at)
    label = _label(calendar) if grounds.label is None else grounds.label
    calendar.check_label(label)
    return _Facts(
        calendar=calendar.id,
        version=calendar.version + 1,
        label=label,
        reference=grounds.reference,
        reason=grounds.reason,
        declared_at=moment.effective_at,
    )


def _label(calendar: Calendar) -> str:
    """A label after that of the version before: ``2025-1+2`` is the second version, made of 2025-1."""
    ending = f"+{calendar.version + 1}"
    declared = calendar.in_force().label.rpartition("+")[0] or calendar.in_force().label
    return declared[: LONGEST_LABEL - len(ending)] + ending


def _must_be_free(calendar: WorkingCalendar, day: date) -> None:
    if not calendar.covers(day):
        raise HolidayNotCovered(
            calendar=calendar.name,
            day=day.isoformat(),
            covers_from=calendar.covers_from.isoformat(),
            covers_to=calendar.covers_to.isoformat(),
        )
    if (known := calendar.holiday_on(day)) is not None:
        english, arabic = known.name.in_language("en"), known.name.in_language("ar")
        raise HolidayKnown(calendar=calendar.name, day=day.isoformat(), name_en=english, name_ar=arabic)


def _must_be_holiday(calendar: WorkingCalendar, day: date) -> None:
    if calendar.holiday_on(day) is None:
        raise NoHoliday(calendar=calendar.name, day=day.isoformat())
