"""Ten thousand deadlines in a hundred calendars, against an oracle that lives through them day by day."""

from datetime import date, timedelta
from random import Random

import pytest

from shared.calendar import Roll, Rule, Standing, Stoppage, Unit, Weekday, deadline_of, reckon, rolled
from tests.unit.calendar.oracle import Table, lived, months_later
from tests.unit.calendar.samples import calendar_with

CALENDARS, CASES = 100, 100
COUNTED = {Unit.DAY: 200, Unit.WORKING_DAY: 120, Unit.MONTH: 12}


@pytest.mark.parametrize("seed", range(CALENDARS))
def test_deadlines_stoppages_and_extensions_are_what_living_through_them_gives(seed: int) -> None:
    chance = Random(seed)
    first = date(2001, 1, 1)
    off = {first + timedelta(days=chance.randrange(10_500)) for _ in range(chance.randrange(900))}
    weekend = tuple(chance.sample(list(Weekday), chance.randrange(4)))
    calendar = calendar_with(*sorted(off), weekend=weekend)
    table = Table(calendar)
    for _ in range(CASES):
        anchored_on = date(2004, 1, 1) + timedelta(days=chance.randrange(8_000))
        unit, roll = chance.choice(list(Unit)), chance.choice(list(Roll))
        count = chance.randint(-COUNTED[unit], COUNTED[unit])
        deadline = deadline_of(Rule(count=count, unit=unit, anchor="x"), anchored_on, roll, calendar)
        raw = {
            Unit.DAY: lambda: anchored_on + timedelta(days=count),  # noqa: B023  # called in this round
            Unit.WORKING_DAY: lambda: table.nth(anchored_on, count),  # noqa: B023
            Unit.MONTH: lambda: months_later(anchored_on, count),  # noqa: B023
        }[unit]()
        assert (deadline.raw, deadline.due_on) == (raw, table.rolled(raw, roll))

        due_on = deadline.due_on
        if chance.random() < 0.3:  # an extension was granted
            until = due_on + timedelta(days=chance.randint(1, 90))
            due_on = rolled(until, roll, calendar)
            assert due_on == table.rolled(until, roll)

        runs_from = due_on - timedelta(days=chance.randint(-20, 120))
        stoppages = [some_stoppage(chance, due_on) for _ in range(chance.randrange(5))]
        expected = Standing(*lived(table, due_on, runs_from, stoppages))
        counted = [Stoppage(since, until) for since, until in stoppages]
        assert reckon(due_on, runs_from, counted, calendar) == expected, (due_on, runs_from, stoppages)
        chance.shuffle(counted)
        assert reckon(due_on, runs_from, counted, calendar) == expected

        # One more that begins on the very day that the others gave, where nothing is left any more.
        length = chance.choice([None, 0, 1, 3, 30])
        on_it = (expected.due_on, None if length is None else expected.due_on + timedelta(days=length))
        again = Standing(*lived(table, due_on, runs_from, [*stoppages, on_it]))
        assert reckon(due_on, runs_from, [Stoppage(*on_it), *counted], calendar) == again


def some_stoppage(chance: Random, due_on: date) -> tuple[date, date | None]:
    """One about a due day: it may end before it began, on its own day, or not yet."""
    since = due_on - timedelta(
        days=chance.choice([0, 0, 1, chance.randint(-10, 90), chance.randint(-10, 90)])
    )
    length = chance.choice([None, 0, 1, 2, chance.randint(-3, 60), chance.randint(0, 200)])
    return since, None if length is None else since + timedelta(days=length)
