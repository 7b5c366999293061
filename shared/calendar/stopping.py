"""A clock that counts working days and can be stopped: what is left, and what is given back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from shared.calendar.rule import Roll, add_working_days, rolled
from shared.calendar.working import WorkingCalendar


@dataclass(frozen=True, slots=True)
class Stoppage:
    """The clock stands from the end of the day `since` to the end of `until`; None while it is not over."""

    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Standing:
    """When something is due, and where its clock is stopped, since when.

    `working_days_left` are the working days after `since`, `due_on` included; 0 while the clock runs.
    """

    due_on: date
    since: date | None = None
    working_days_left: int = 0


def working_days_between(after: date, upto: date, calendar: WorkingCalendar) -> int:
    """Count the working days after one day up to another, that one included; none where it is not later."""
    days = (upto - after).days
    return sum(calendar.works_on(after + timedelta(days=number)) for number in range(1, days + 1))


def reckon(
    due_on: date, runs_from: date, stoppages: Iterable[Stoppage], calendar: WorkingCalendar
) -> Standing:
    """Apply every stoppage to a deadline that runs from a day on, in whichever order they became known.

    A stoppage that begins after the due day changes nothing. One that is over gives back the working days
    that were left at its beginning, counted from its last day; where none was left, the deadline is on that
    day, rolled forward. One that is over on the day on which it began changes nothing.
    """
    for stoppage in _united(stoppages):
        if stoppage.since > due_on:
            break
        if stoppage.until is not None and stoppage.until <= runs_from:
            continue
        since = min(max(stoppage.since, runs_from), due_on)
        left = working_days_between(since, due_on, calendar)
        if stoppage.until is None:
            return Standing(due_on, since, left)
        if stoppage.until > since:
            due_on = _given_back(stoppage.until, left, calendar)
    return Standing(due_on)


def _given_back(until: date, left: int, calendar: WorkingCalendar) -> date:
    return add_working_days(until, left, calendar) if left else rolled(until, Roll.FORWARD, calendar)


def _united(stoppages: Iterable[Stoppage]) -> list[Stoppage]:
    """The stoppages in order of time, those that overlap or touch as one."""
    united: list[Stoppage] = []
    for stoppage in sorted(stoppages, key=lambda one: one.since):
        if stoppage.until is not None and stoppage.until < stoppage.since:
            continue
        last = united[-1] if united else None
        if last is None or (last.until is not None and last.until < stoppage.since):
            united.append(stoppage)
        elif last.until is not None and (stoppage.until is None or stoppage.until > last.until):
            united[-1] = Stoppage(last.since, stoppage.until)
    return united
