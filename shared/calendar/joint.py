"""Two calendars or more as one: a day works only where it works in all of them."""

from collections.abc import Sequence
from datetime import date
from functools import cached_property

from pydantic import Field

from shared.calendar.working import CalendarVersion, Holiday, Weekday, WorkingCalendar
from shared.contracts.text import WrongValue


class JointCalendar(WorkingCalendar):
    """A calendar, and others that have a say too: the ministry's, and that of a host country.

    Name, version and time zone are the first one's: a deadline stands under it, and its day ends there. What
    is off in any of them is off, and the holidays of a day are known where all of them know them.
    """

    first: WorkingCalendar
    others: tuple[WorkingCalendar, ...] = Field(min_length=1)

    @cached_property
    def days_off(self) -> frozenset[date]:
        """The dates of the official holidays of all of them."""
        return self.first.days_off.union(*(other.days_off for other in self.others))

    @property
    def each(self) -> tuple[WorkingCalendar, ...]:
        """All of them, the first one first."""
        return (self.first, *self.others)

    @property
    def also(self) -> tuple[CalendarVersion, ...]:
        """The others, by name and version."""
        return tuple(CalendarVersion(calendar=one.name, version=one.version) for one in self.others)

    def holiday_on(self, day: date) -> Holiday | None:
        """The official holiday on a day in the first of them that has one, or None."""
        return next((found for one in self.each if (found := one.holiday_on(day))), None)

    def covers(self, day: date) -> bool:
        """Whether all of them knew the holidays of `day`'s time."""
        return all(one.covers(day) for one in self.each)


def together(first: WorkingCalendar, *others: WorkingCalendar) -> WorkingCalendar:
    """Join calendars to one; the first alone is itself.

    Raises:
        ValueError: their weekends together leave no working day, or one is named twice.
    """
    if not others:
        return first
    every = (first, *others)
    if len({one.name for one in every}) < len(every):
        raise WrongValue(
            en=f"a calendar is named twice: {', '.join(one.name for one in every)}",
            ar=f"تقويم مذكور مرتين: {', '.join(one.name for one in every)}",
        )
    weekend = tuple(day for day in Weekday if any(day in one.weekend for one in every))
    if len(weekend) == len(Weekday):
        raise WrongValue(
            en=f"the weekends of {_named(every)} leave no working day",
            ar=f"عطل نهاية الأسبوع في {_named(every)} لا تترك يوم عمل",
        )
    facts = {name: getattr(first, name) for name in WorkingCalendar.model_fields}
    return JointCalendar(**{**facts, "weekend": weekend, "holidays": ()}, first=first, others=others)


def _named(calendars: Sequence[WorkingCalendar]) -> str:
    return " and ".join(one.name for one in calendars)
