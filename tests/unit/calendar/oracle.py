"""Calendar arithmetic by plain enumeration of days: slow, and with nothing in common with what it judges."""

from bisect import bisect_left, bisect_right
from datetime import date, timedelta
from functools import cache

from shared.calendar import Roll, Weekday, WorkingCalendar

NAMES = {
    0: Weekday.MONDAY,
    1: Weekday.TUESDAY,
    2: Weekday.WEDNESDAY,
    3: Weekday.THURSDAY,
    4: Weekday.FRIDAY,
    5: Weekday.SATURDAY,
    6: Weekday.SUNDAY,
}


def is_off(day: date, calendar: WorkingCalendar) -> bool:
    return NAMES[day.weekday()] in calendar.weekend or any(
        day == holiday.day for holiday in calendar.holidays
    )


def days_around(day: date, span: int = 600) -> list[date]:
    return [day + timedelta(days=offset) for offset in range(-span, span + 1)]


def nth_working_day(start: date, count: int, calendar: WorkingCalendar) -> date:
    if count == 0:
        return start
    working = [day for day in days_around(start) if not is_off(day, calendar)]
    if count > 0:
        return [day for day in working if day > start][count - 1]
    return [day for day in working if day < start][count]


def rolled(day: date, roll: Roll, calendar: WorkingCalendar) -> date:
    working = [other for other in days_around(day) if not is_off(other, calendar)]
    if roll is Roll.BACK:
        return max(other for other in working if other <= day)
    return min(other for other in working if other >= day)


def months_later(day: date, months: int) -> date:
    """Walk month by month, then take the last day of the month that is not after the day's number."""
    year, month = day.year, day.month
    for _ in range(abs(months)):
        month += 1 if months > 0 else -1
        if month == 13:
            year, month = year + 1, 1
        if month == 0:
            year, month = year - 1, 12
    first = date(year, month, 1)
    return max(
        other
        for other in (first + timedelta(days=offset) for offset in range(31))
        if other.month == month and other.day <= day.day
    )


@cache
def _named() -> list[tuple[date, str, str]]:
    """The days from 1990 to 2040, as they are written and by their names."""
    first = date(1990, 1, 1)
    every = (first + timedelta(days=number) for number in range(51 * 365))
    return [(day, day.isoformat(), day.strftime("%A").lower()) for day in every]


class Table:
    """The working days of a calendar from 1990 to 2040, one after the other, found by the names of days."""

    def __init__(self, calendar: WorkingCalendar) -> None:
        off = {holiday.day.isoformat() for holiday in calendar.holidays}
        names = {day.value for day in calendar.weekend}
        self.working = [day for day, written, name in _named() if name not in names and written not in off]

    def both(self, other: "Table") -> "Table":
        """The days that work in this table and in another one."""
        joint = Table.__new__(Table)
        there = set(other.working)
        joint.working = [day for day in self.working if day in there]
        return joint

    def after(self, day: date) -> list[date]:
        """The next 400 working days after a day."""
        place = bisect_right(self.working, day)
        return self.working[place : place + 400]

    def nth(self, start: date, count: int) -> date:
        if count >= 0:
            return [start, *self.after(start)][count]
        return self.working[bisect_left(self.working, start) + count]

    def rolled(self, day: date, roll: Roll) -> date:
        if roll is Roll.FORWARD:
            return self.working[bisect_left(self.working, day)]
        return self.working[bisect_right(self.working, day) - 1]

    def between(self, after: date, upto: date) -> int:
        return max(0, bisect_right(self.working, upto) - bisect_right(self.working, after))


class Clock:
    """A deadline's clock lived through day by day; it knows on each day which holds are in force."""

    def __init__(self, table: Table, due_on: date, runs_from: date = date.min) -> None:
        self.table = table
        self.due_on = due_on
        self.runs_from = runs_from
        self.since: date | None = None
        self.left = 0

    def live(self, day: date, held: bool) -> None:
        """Come to the end of a day, on which the clock is held or not."""
        if held and self.since is None and day <= self.due_on:
            self.since, self.left = day, self.table.between(day, self.due_on)
        elif not held and self.since is not None:
            if self.since != day and day > self.runs_from:
                forward = self.table.rolled(day, Roll.FORWARD)
                self.due_on = self.table.nth(day, self.left) if self.left else forward
            self.since, self.left = None, 0

    def extend(self, until: date) -> None:
        """Put the due day off; a clock that is held has so much more left."""
        self.due_on = until
        if self.since is not None:
            self.left = self.table.between(self.since, until)


def lived(
    table: Table, due_on: date, runs_from: date, stoppages: list[tuple[date, date | None]]
) -> tuple[date, date | None, int]:
    """When a deadline is due after its stoppages, since when it is held, and what is left then."""
    clock = Clock(table, due_on, runs_from)
    # What was over when the clock began to run never stopped it.
    stoppages = [(since, until) for since, until in stoppages if until is None or until > runs_from]
    day = min(runs_from, due_on)
    last = max([due_on, *(until or since for since, until in stoppages)])
    while day <= max(last, clock.due_on):
        held = any(since <= day and (until is None or day < until) for since, until in stoppages)
        clock.live(day, held)
        day += timedelta(days=1)
    return clock.due_on, clock.since, clock.left
