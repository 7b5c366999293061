"""Deadline rules: so many days, working days or months before or after a named date."""

import re
from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.calendar.working import WorkingCalendar
from shared.contracts.text import WrongValue

LONGEST = {"day": 3660, "working day": 2600, "month": 120}


class Unit(StrEnum):
    """In what a rule counts."""

    DAY = "day"
    WORKING_DAY = "working day"
    MONTH = "month"


class Roll(StrEnum):
    """Where a day off sends a deadline: to the working day before it, or to the one after."""

    BACK = "back"
    FORWARD = "forward"


class Rule(BaseModel):
    """A count of units from an anchor, negative before it: ``1 month of announced_on``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    count: int
    unit: Unit
    anchor: str = Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")

    @model_validator(mode="after")
    def _is_bounded(self) -> "Rule":
        if abs(self.count) > LONGEST[self.unit]:
            raise WrongValue(
                en=f"{self.count} {self.unit}s is beyond the limit of {LONGEST[self.unit]}",
                ar=f"العدد {self.count} يتجاوز الحد {LONGEST[self.unit]}",
            )
        return self

    @classmethod
    def parse(cls, text: str) -> "Rule":
        """Read ``10 working days after x``, ``180 days before x``, ``1 month of x`` or ``on x``.

        Raises ValueError when the text is none of these.
        """
        if same := _ON.fullmatch(text):
            return cls(count=0, unit=Unit.DAY, anchor=same["anchor"])
        found = _COUNTED.fullmatch(text)
        if found is None:
            raise WrongValue(
                en=f"{text!r} is not a deadline rule such as '1 month of announced_on'",
                ar=f"{text!r} ليست قاعدة أجل مثل '1 month of announced_on'",
            )
        count = int(found["count"])
        if found["side"] == "before":
            count = -count
        return cls(count=count, unit=Unit(found["unit"]), anchor=found["anchor"])

    def __str__(self) -> str:
        """The rule in the words that `parse` reads."""
        if self.count == 0 and self.unit is Unit.DAY:
            return f"on {self.anchor}"
        size = abs(self.count)
        unit = self.unit.value if size == 1 else f"{self.unit.value}s"
        return f"{size} {unit} {'before' if self.count < 0 else 'after'} {self.anchor}"

    def raw_date(self, anchored_on: date, calendar: WorkingCalendar) -> date:
        """Count from the anchor's date; the result may be a day off unless working days were counted.

        Raises OverflowError where the count leaves the dates that Python knows.
        """
        match self.unit:
            case Unit.DAY:
                return anchored_on + timedelta(days=self.count)
            case Unit.WORKING_DAY:
                return add_working_days(anchored_on, self.count, calendar)
            case Unit.MONTH:
                return add_months(anchored_on, self.count)


_ANCHOR = r"(?P<anchor>[a-z][a-z0-9_]{0,63})"
_ON = re.compile(rf"on {_ANCHOR}")
_COUNTED = re.compile(
    rf"(?P<count>[0-9]{{1,4}}) (?P<unit>working day|day|month)s? (?P<side>before|after|of) {_ANCHOR}"
)


def add_months(day: date, months: int) -> date:
    """Move by calendar months, to the month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        raise OverflowError(f"{months} months from {day} is beyond the dates that exist here")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add_working_days(day: date, count: int, calendar: WorkingCalendar) -> date:
    """Return the `count`-th working day after `day` (before it, if negative); `day` itself for 0."""
    step = timedelta(days=1 if count > 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= calendar.works_on(day)
    return day


def rolled(day: date, roll: Roll, calendar: WorkingCalendar) -> date:
    """Return `day` if it is a working day, otherwise the nearest one in the direction of the roll."""
    step = timedelta(days=-1 if roll is Roll.BACK else 1)
    while not calendar.works_on(day):
        day += step
    return day
