"""A clock that counts working days and can be stopped: what is left, and what is given back."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from shared.calendar.rule import Roll, add_working_days, rolled
from shared.calendar.working import Weekday, WorkingCalendar


@dataclass(frozen=True, slots=True)
class Stoppage:
    """The clock stands from the end of the day `since` to the end of `until`; None while it is not over.

    `cause` names what stopped it; of several that are one, what ended last.
    """

    since: date
    until: date | None
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """When something is due, and where its clock is stopped, since when.

    `working_days_left` are the working days after `since`, `due_on` included; 0 while the clock runs.
    `last` is the last stoppage that moved the due day; it tells why, and is no part of how it stands.
    """

    due_on: date
    since: date | None = None
    working_days_left: int = 0
    last: Stoppage | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Stopped:
    """What one stoppage did to a clock: what was due until then, what was left of it, and what is due since.

    `working_days_left` are the working days after `since`, `due_before` included. While it is not over the
    same day is due.
    """

    since: date
    until: date | None
    due_before: date
    working_days_left: int
    due_on: date
    cause: str = ""


def working_days_between(after: date, upto: date, calendar: WorkingCalendar) -> int:
    """Count the working days after one day up to another, that one included; none where it is not later."""
    if upto <= after:
        return 0
    weeks, rest = divmod((upto - after).days, 7)
    last = [upto - timedelta(days=number) for number in range(rest)]
    in_week = weeks * (7 - len(calendar.weekend)) + sum(_in_week(day, calendar) for day in last)
    return in_week - sum(after < day <= upto and _in_week(day, calendar) for day in calendar.days_off)


def _in_week(day: date, calendar: WorkingCalendar) -> bool:
    return Weekday.of(day) not in calendar.weekend


def reckon(
    due_on: date, runs_from: date, stoppages: Iterable[Stoppage], calendar: WorkingCalendar
) -> Standing:
    """Apply every stoppage to a deadline that runs from a day on, in whichever order they became known.

    A stoppage that begins after the due day changes nothing. One that is over gives back the working days
    that were left at its beginning, counted from its last day; where none was left, the deadline is on that
    day, rolled forward. One that is over on the day on which it began changes nothing, and so does one
    that is over when the clock begins to run, also where another goes on from it.
    """
    last: Stoppage | None = None
    for stop in stops(due_on, runs_from, stoppages, calendar):
        if stop.until is None:
            return Standing(stop.due_on, stop.since, stop.working_days_left, last)
        due_on, last = stop.due_on, Stoppage(stop.since, stop.until, stop.cause)
    return Standing(due_on, last=last)


def stops(
    due_on: date, runs_from: date, stoppages: Iterable[Stoppage], calendar: WorkingCalendar
) -> Iterator[Stopped]:
    """Tell one after the other the stoppages that stop a deadline, united, as `reckon` applies them."""
    for stoppage in _united(_clipped(stoppages, runs_from, due_on)):
        since, until, before = stoppage.since, stoppage.until, due_on
        if since > due_on:
            return
        left = working_days_between(since, due_on, calendar)
        if until is None:
            yield Stopped(since, None, before, left, before, stoppage.cause)
            return
        if until > since:
            due_on = _given_back(until, left, calendar)
            yield Stopped(since, until, before, left, due_on, stoppage.cause)


def _clipped(stoppages: Iterable[Stoppage], runs_from: date, due_on: date) -> list[Stoppage]:
    """What of each stoppage falls to a clock that runs from a day on, or from its due day if that is earlier.

    A deadline that was over when it was set can still be stopped, by what covers its due day.
    """
    start = min(runs_from, due_on)
    return [
        Stoppage(max(one.since, start), one.until, one.cause)
        for one in stoppages
        if one.until is None or (one.until > runs_from and one.until >= one.since)
    ]


def _given_back(until: date, left: int, calendar: WorkingCalendar) -> date:
    return add_working_days(until, left, calendar) if left else rolled(until, Roll.FORWARD, calendar)


def _united(stoppages: Iterable[Stoppage]) -> list[Stoppage]:
    """The stoppages in order of time, those that overlap or touch as one."""
    united: list[Stoppage] = []
    for stoppage in sorted(stoppages, key=lambda one: (one.since, one.cause)):
        last = united[-1] if united else None
        if last is None or (last.until is not None and last.until < stoppage.since):
            united.append(stoppage)
        elif last.until is not None and (stoppage.until is None or stoppage.until > last.until):
            united[-1] = Stoppage(last.since, stoppage.until, stoppage.cause)
    return united
