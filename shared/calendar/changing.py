"""One holiday more, another day for it, or one less: each gives the next version of a calendar."""

from collections.abc import Iterable
from datetime import date

from shared.calendar.working import Basis, Holiday, WorkingCalendar


def with_holiday(calendar: WorkingCalendar, holiday: Holiday, label: str) -> WorkingCalendar:
    """The next version, with one holiday more. Raises ValueError where the day is one already."""
    return _next(calendar, (*calendar.holidays, holiday), label)


def with_moved(calendar: WorkingCalendar, day: date, to: date, basis: Basis, label: str) -> WorkingCalendar:
    """The next version, with the holiday of a day on another one, known on the ground `basis`."""
    moved = (
        holiday if holiday.day != day else Holiday(day=to, name=holiday.name, basis=basis)
        for holiday in calendar.holidays
    )
    return _next(calendar, moved, label)


def without_holiday(calendar: WorkingCalendar, day: date, label: str) -> WorkingCalendar:
    """The next version, without the holiday of a day."""
    return _next(calendar, (holiday for holiday in calendar.holidays if holiday.day != day), label)


def _next(calendar: WorkingCalendar, holidays: Iterable[Holiday], label: str) -> WorkingCalendar:
    # Built anew, not copied: a copy would keep the days off that were found for the version before.
    facts = {name: getattr(calendar, name) for name in WorkingCalendar.model_fields}
    in_order = tuple(sorted(holidays, key=lambda holiday: holiday.day))
    return WorkingCalendar(**{**facts, "holidays": in_order, "label": label, "version": calendar.version + 1})
