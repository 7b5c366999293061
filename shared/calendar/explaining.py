"""A deadline told day by day: which days counted, which did not and why, and how it was rolled."""

from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from shared.calendar.deadline import Deadline
from shared.calendar.rule import Rule, Unit
from shared.calendar.stopping import Stopped
from shared.calendar.working import Holiday, Weekday, WorkingCalendar
from shared.contracts.identity import Token


class Part(StrEnum):
    """What a day is to a deadline. A day that is several of these is the last of them.

    The clock stands from the end of the day `stopped` on, and while days are `held`; the working days that
    were left are `given-back` then, or `left` while it is not over. What `was-due` is put off later.
    """

    ANCHOR = "anchor"
    COUNTED = "counted"
    SKIPPED = "skipped"
    RAW = "raw"
    ROLLED_OVER = "rolled-over"
    GRANTED = "granted"
    STOPPED = "stopped"
    HELD = "held"
    GIVEN_BACK = "given-back"
    LEFT = "left"
    WAS_DUE = "was-due"
    DUE = "due"


class DayOff(BaseModel):
    """Why a day is off in a calendar: by its weekend, or by a holiday, or both."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    calendar: Token
    weekend: bool
    holiday: Holiday | None


class Day(BaseModel):
    """A day as calendars have it. `known` says whether its holidays were known."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    day: date
    weekday: Weekday
    works: bool
    known: bool
    off: tuple[DayOff, ...]


class ExplainedDay(Day):
    """A day of a reckoning: what it is to the deadline, and as which of the days counted."""

    part: Part
    count: int | None


def told_day(day: date, calendar: WorkingCalendar) -> Day:
    """Tell a day as a calendar, or calendars that are joined, have it."""
    reasons = (_reason(day, one) for one in calendar.each)
    return Day(
        day=day,
        weekday=Weekday.of(day),
        works=calendar.works_on(day),
        known=calendar.covers(day),
        off=tuple(reason for reason in reasons if reason is not None),
    )


def _reason(day: date, calendar: WorkingCalendar) -> DayOff | None:
    weekend, holiday = Weekday.of(day) in calendar.weekend, calendar.holiday_on(day)
    if not weekend and holiday is None:
        return None
    return DayOff(calendar=calendar.name, weekend=weekend, holiday=holiday)


def explained(deadline: Deadline, calendar: WorkingCalendar, last: Part = Part.DUE) -> Iterator[ExplainedDay]:
    """Tell the days of a deadline in the order in which they are gone through, from its anchor on.

    Every day is told where working days are counted; otherwise the anchor, the day that the rule gives, and
    what the roll goes over. `calendar` is the one under which the deadline was computed; `last` is what its
    day is to the deadline where later steps follow.
    """
    rule, anchor, raw, due = (
        Rule.parse(deadline.rule),
        deadline.anchored_on,
        deadline.raw,
        deadline.due_on,
    )
    counts = rule.unit is Unit.WORKING_DAY

    def part_of(part: Part, day: date) -> Part:
        return last if day == due else Part.RAW if day == raw else part

    yield _explained(anchor, calendar, part_of(Part.ANCHOR, anchor), None if rule.count else 0)
    count = 0
    for day in _walk(anchor, raw):
        works = calendar.works_on(day)
        count += works if counts else 1
        if counts or day == raw:
            part = Part.COUNTED if works else Part.SKIPPED
            yield _explained(day, calendar, part_of(part, day), count if works or not counts else None)
    for day in _walk(raw, due):
        yield _explained(day, calendar, last if day == due else Part.ROLLED_OVER, None)


def told_grant(until: date, due_on: date, calendar: WorkingCalendar, last: Part) -> Iterator[ExplainedDay]:
    """Tell the day that was granted, and what the roll goes over under the calendar of today."""
    yield _explained(until, calendar, last if until == due_on else Part.GRANTED, None)
    for day in _walk(until, due_on):
        yield _explained(day, calendar, last if day == due_on else Part.ROLLED_OVER, None)


def told_stop(stop: Stopped, calendar: WorkingCalendar, last: Part) -> Iterator[ExplainedDay]:
    """Tell what a stoppage did day by day: where the clock stood, and every working day that it gives back.

    Where none was left, the last day that is held is due, rolled forward. While it is not over, the working
    days are told that are left.
    """
    until, due, count = stop.until, stop.due_on, 0
    stands = until or stop.since
    yield _explained(stop.since, calendar, last if stop.since == due else Part.STOPPED, None)
    for day in _walk(stop.since, stands):
        yield _explained(day, calendar, last if day == due else Part.HELD, None)
    for day in _walk(stands, due):
        works = calendar.works_on(day) and stop.working_days_left > 0
        count += works
        if works:
            part = Part.GIVEN_BACK if until is not None else Part.LEFT
        else:
            part = Part.SKIPPED if stop.working_days_left else Part.ROLLED_OVER
        yield _explained(day, calendar, last if day == due else part, count if works else None)


def _explained(day: date, calendar: WorkingCalendar, part: Part, count: int | None) -> ExplainedDay:
    told = told_day(day, calendar)
    return ExplainedDay(**{name: getattr(told, name) for name in Day.model_fields}, part=part, count=count)


def _walk(start: date, end: date) -> Iterator[date]:
    """The days after one up to another, that one included, forwards or backwards."""
    step = timedelta(days=1 if end > start else -1)
    day = start
    while day != end:
        day += step
        yield day
