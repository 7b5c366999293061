"""A working calendar: weekend, official holidays and time zone under a name and a version."""

from datetime import date
from enum import StrEnum
from functools import cached_property
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.calendar.zone import Zone
from shared.contracts.country import Country
from shared.contracts.identity import Token
from shared.contracts.text import Text, WrongValue

EARLIEST = date(1900, 1, 1)
LATEST = date(2200, 12, 31)


class Weekday(StrEnum):
    """The days of the week; `date.weekday()` counts them in this order from 0."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"

    @classmethod
    def of(cls, day: date) -> "Weekday":
        """Return the weekday on which `day` falls."""
        return _WEEK[day.weekday()]


_WEEK = tuple(Weekday)


class Basis(StrEnum):
    """How a holiday's date is known: fixed by law, announced by authority, or calculated ahead."""

    FIXED = "fixed"
    ANNOUNCED = "announced"
    CALCULATED = "calculated"


class Holiday(BaseModel):
    """One day off, with its name and the ground on which its date stands."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    day: date
    name: Text
    basis: Basis


class CalendarVersion(BaseModel):
    """A version of a calendar, by name and number."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    calendar: Token
    version: int = Field(ge=1)


class CalendarDeclaration(BaseModel):
    """What a calendar is declared to be: its weekend, official holidays and time zone.

    Holidays are known from `covers_from` to `covers_to`; a day outside is judged by the weekend
    alone, and a deadline that depends on such a day is provisional. `country` is the one whose calendar it
    is: missions there count by it where their tasks ask for the calendar of the host State.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: str = Field(min_length=1, max_length=64)
    zone: Zone
    weekend: tuple[Weekday, ...]
    holidays: tuple[Holiday, ...] = Field(max_length=1000)
    covers_from: date = Field(ge=EARLIEST, le=LATEST)
    covers_to: date = Field(ge=EARLIEST, le=LATEST)
    source: str = Field(min_length=1, max_length=4000)
    country: Country | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> "CalendarDeclaration":
        if len(set(self.weekend)) != len(self.weekend):
            raise WrongValue(
                en="a day of the weekend is named twice", ar="يوم من عطلة نهاية الأسبوع مذكور مرتين"
            )
        if len(self.weekend) == len(_WEEK):
            raise WrongValue(en="the weekend leaves no working day", ar="عطلة نهاية الأسبوع لا تترك يوم عمل")
        if self.covers_to < self.covers_from:
            raise WrongValue(
                en=f"covers_to {self.covers_to} is before covers_from {self.covers_from}",
                ar=f"التاريخ covers_to ({self.covers_to}) يسبق covers_from ({self.covers_from})",
            )
        seen: set[date] = set()
        for holiday in self.holidays:
            if holiday.day in seen:
                raise WrongValue(
                    en=f"the holiday {holiday.day} is declared twice", ar=f"العطلة {holiday.day} معلنة مرتين"
                )
            if not self.covers(holiday.day):
                raise WrongValue(
                    en=f"the holiday {holiday.day} is outside the days that the calendar covers",
                    ar=f"العطلة {holiday.day} خارج الأيام التي يغطيها التقويم",
                )
            seen.add(holiday.day)
        return self

    def covers(self, day: date) -> bool:
        """Whether the holidays of `day`'s time were known when this was declared."""
        return self.covers_from <= day <= self.covers_to


class WorkingCalendar(CalendarDeclaration):
    """One declared version of a named calendar."""

    name: Token
    version: int = Field(ge=1)

    @cached_property
    def days_off(self) -> frozenset[date]:
        """The dates of the official holidays."""
        return frozenset(holiday.day for holiday in self.holidays)

    @property
    def each(self) -> tuple["WorkingCalendar", ...]:
        """The calendars that have a say in this one: itself alone, where it is not joined of several."""
        return (self,)

    @property
    def also(self) -> tuple[CalendarVersion, ...]:
        """The calendars beside this one that have a say in which days work; none where it stands alone."""
        return ()

    def holiday_on(self, day: date) -> Holiday | None:
        """The official holiday on a day, or None."""
        if day not in self.days_off:
            return None
        return next((holiday for holiday in self.holidays if holiday.day == day), None)

    @property
    def time_zone(self) -> ZoneInfo:
        """The zone in which this calendar's days begin and end."""
        return ZoneInfo(self.zone)

    def works_on(self, day: date) -> bool:
        """Whether `day` is a working day."""
        return Weekday.of(day) not in self.weekend and day not in self.days_off
