"""Days as numbers: working days of a calendar, or calendar days relative to T where that is not set."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date, timedelta

from shared.calendar import WorkingCalendar


class WorkingAxis:
    """Numbers the working days from the first of some days on; one that is off counts as its neighbour.

    Args:
        days: the days that are asked about; the axis reaches from the first of them to the last, and beyond.
        beyond: how many working days more it needs at its end, and before its beginning.
    """

    unit = "working-day"

    def __init__(self, calendar: WorkingCalendar, days: Iterable[date], beyond: int) -> None:
        asked = sorted(days)
        self._days = _working(asked[0], asked[-1], beyond, calendar)

    def from_day(self, day: date) -> int:
        """The number of a day, or of the first working day after it."""
        return bisect_left(self._days, day)

    def until_day(self, day: date) -> int:
        """The number of a day, or of the last working day before it."""
        return bisect_right(self._days, day) - 1

    def day(self, number: int) -> date:
        """The day of a number; the first or the last of the axis for a number outside it."""
        return self._days[min(max(number, 0), len(self._days) - 1)]


def _working(first: date, last: date, beyond: int, calendar: WorkingCalendar) -> list[date]:
    before = _going(first, -1, beyond, calendar)
    span = (last - first).days + 1
    between = [day for n in range(span) if calendar.works_on(day := first + timedelta(days=n))]
    return [*reversed(before), *between, *_going(last, 1, beyond, calendar)]


def _going(day: date, step: int, count: int, calendar: WorkingCalendar) -> list[date]:
    found: list[date] = []
    while len(found) < count:
        day += timedelta(days=step)
        if calendar.works_on(day):
            found.append(day)
    return found
