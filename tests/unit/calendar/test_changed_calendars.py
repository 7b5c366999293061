"""Deadlines under calendars whose holidays were declared, moved and revoked, and under two calendars at once.

What is expected comes from tables of working days that are enumerated from plain sets of dates; months are
walked one by one. Anchors crowd about month ends, 29 February and the turn of the year.
"""

from datetime import date, timedelta
from random import Random

import pytest

from shared.calendar import (
    Basis,
    Holiday,
    Roll,
    Rule,
    Unit,
    Weekday,
    WorkingCalendar,
    changed_days,
    deadline_of,
    explained,
    together,
    with_holiday,
    with_moved,
    without_holiday,
)
from shared.contracts.text import Text
from tests.unit.calendar.oracle import Table, months_later
from tests.unit.calendar.samples import calendar_with

COUNTED = {Unit.DAY: 400, Unit.WORKING_DAY: 150, Unit.MONTH: 60}
EDGES = [
    date(year, month, day)
    for year in range(2007, 2022)
    for month, day in ((1, 1), (1, 29), (1, 30), (1, 31), (2, 28), (3, 1), (4, 30), (12, 24), (12, 31))
] + [date(2008, 2, 29), date(2012, 2, 29), date(2016, 2, 29), date(2020, 2, 29)]


def changed(calendar: WorkingCalendar, off: set[date], chance: Random) -> WorkingCalendar:
    """Declare, move or revoke a random holiday, in the calendar and in the set."""
    day = date(2002, 1, 1) + timedelta(days=chance.randrange(9_000))
    label = str(calendar.version + 1)
    if not off or chance.random() < 0.4:
        if day in off:
            return calendar
        off.add(day)
        holiday = Holiday(day=day, name=Text(en="Day off"), basis=Basis.ANNOUNCED)
        return with_holiday(calendar, holiday, label)
    known = chance.choice(sorted(off))
    off.remove(known)
    to = known + timedelta(days=chance.choice([-2, -1, 1, 2, 30]))
    if chance.random() < 0.6 and to not in off:
        off.add(to)
        return with_moved(calendar, known, to, Basis.ANNOUNCED, label)
    return without_holiday(calendar, known, label)


def some_calendar(chance: Random, name: str) -> tuple[WorkingCalendar, Table]:
    """A calendar of several versions, and the table of the days that work after all of its changes."""
    off = {date(2002, 1, 1) + timedelta(days=chance.randrange(9_000)) for _ in range(chance.randrange(300))}
    weekend = tuple(chance.sample(list(Weekday), chance.randrange(4)))
    calendar = calendar_with(*sorted(off), weekend=weekend, name=name)
    for _ in range(chance.randrange(30)):
        calendar = changed(calendar, off, chance)
    return calendar, Table(calendar_with(*sorted(off), weekend=weekend))


@pytest.mark.parametrize("seed", range(12))
def test_deadlines_after_changes_and_in_two_calendars_are_those_of_the_tables(seed: int) -> None:
    chance = Random(seed)
    first, table = some_calendar(chance, "ly")
    second, other = some_calendar(chance, "host")
    if len({*first.weekend, *second.weekend}) == 7:
        with pytest.raises(ValueError, match="leave no working day"):
            together(first, second)
        return
    both, joint = together(first, second), table.both(other)
    for _ in range(100):
        calendar, expected = chance.choice([(first, table), (both, joint)])
        anchored_on, roll = chance.choice(EDGES), chance.choice(list(Roll))
        unit = chance.choice(list(Unit))
        count = chance.randint(-COUNTED[unit], COUNTED[unit])
        deadline = deadline_of(Rule(count=count, unit=unit, anchor="x"), anchored_on, roll, calendar)
        raw = {
            Unit.DAY: lambda: anchored_on + timedelta(days=count),  # noqa: B023  # called in this round
            Unit.WORKING_DAY: lambda: expected.nth(anchored_on, count),  # noqa: B023
            Unit.MONTH: lambda: months_later(anchored_on, count),  # noqa: B023
        }[unit]()
        assert (deadline.raw, deadline.due_on) == (raw, expected.rolled(raw, roll))
        assert deadline.recomputed(calendar) == deadline
        told = list(explained(deadline, calendar))
        counted = [day.count for day in told if day.count and day.works]
        assert told[0].day == anchored_on and told[-1].day == deadline.due_on
        if unit is Unit.WORKING_DAY:
            assert counted == list(range(1, abs(count) + 1))


@pytest.mark.parametrize("seed", range(10))
def test_what_two_versions_differ_in_is_what_works_in_one_and_not_in_the_other(seed: int) -> None:
    chance = Random(seed)
    calendar, _ = some_calendar(chance, "ly")
    off = {holiday.day for holiday in calendar.holidays}
    newer = calendar
    for _ in range(12):
        newer = changed(newer, off, chance)
    if chance.random() < 0.5:
        facts = {name: getattr(newer, name) for name in WorkingCalendar.model_fields}
        newer = WorkingCalendar(**{**facts, "weekend": (Weekday.SUNDAY,)})
    start, end = date(2005, 1, 1), date(2012, 12, 31)
    every = [start + timedelta(days=number) for number in range((end - start).days + 1)]
    different = [day for day in every if calendar.works_on(day) != newer.works_on(day)]
    told = changed_days(calendar, newer, start, end)
    assert [one.day for one in told] == different
    assert all(one.works == newer.works_on(one.day) for one in told)


@pytest.mark.parametrize(
    ("anchored_on", "months", "expected"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2023, 2, 28), 12, date(2024, 2, 28)),
        (date(2023, 11, 30), 3, date(2024, 2, 29)),
        (date(2023, 12, 31), 2, date(2024, 2, 29)),
        (date(2024, 12, 31), 2, date(2025, 2, 28)),
        (date(2024, 3, 31), -1, date(2024, 2, 29)),
        (date(2025, 12, 31), 1, date(2026, 1, 31)),
        (date(2026, 1, 1), -1, date(2025, 12, 1)),
    ],
)
def test_months_about_leap_days_and_the_turn_of_the_year_by_hand(
    anchored_on: date, months: int, expected: date
) -> None:
    rule = Rule(count=months, unit=Unit.MONTH, anchor="x")
    assert rule.raw_date(anchored_on, calendar_with()) == expected == months_later(anchored_on, months)


def test_a_moved_eid_moves_what_was_due_on_its_new_day_and_frees_the_old_one() -> None:
    # By hand: Eid on Sunday 30 March 2025 is sighted a day later. Three working days after Thursday 27 March
    # were Mon 31, Tue 1, Wed 2 April; with Monday off instead of Sunday they are Sun 30, Tue 1, Wed 2 April.
    before = calendar_with(date(2025, 3, 30))
    after = with_moved(before, date(2025, 3, 30), date(2025, 3, 31), Basis.ANNOUNCED, "2")
    one, three = Rule.parse("1 working day after x"), Rule.parse("3 working days after x")
    thursday = date(2025, 3, 27)
    assert deadline_of(one, thursday, Roll.FORWARD, before).due_on == date(2025, 3, 31)
    assert deadline_of(one, thursday, Roll.FORWARD, after).due_on == date(2025, 3, 30)
    assert deadline_of(three, thursday, Roll.FORWARD, before).due_on == date(2025, 4, 2)
    assert deadline_of(three, thursday, Roll.FORWARD, after).due_on == date(2025, 4, 2)
    assert deadline_of(Rule.parse("on x"), date(2025, 3, 31), Roll.BACK, after).due_on == date(2025, 3, 30)


def test_a_day_in_two_calendars_works_in_both_and_keeps_both_versions() -> None:
    # By hand: Friday and Saturday off here, Saturday and Sunday there: Thursday 29 May 2025 is followed by
    # Monday 2 June, a holiday there, so that what falls on Friday 30 May comes to Tuesday 3 June.
    host = calendar_with(date(2025, 6, 2), name="it", version=4, weekend=(Weekday.SATURDAY, Weekday.SUNDAY))
    both = together(calendar_with(), host)
    deadline = deadline_of(Rule.parse("on x"), date(2025, 5, 30), Roll.FORWARD, both)
    assert (deadline.due_on, deadline.calendar, deadline.calendar_version) == (date(2025, 6, 3), "ly", 1)
    assert [(one.calendar, one.version) for one in deadline.also] == [("it", 4)]
    with pytest.raises(ValueError, match="besides"):
        deadline.recomputed(calendar_with())
    with pytest.raises(ValueError, match="named twice"):
        together(host, host)
    assert together(host) is host


def test_a_day_is_known_where_every_calendar_knows_it() -> None:
    short = calendar_with(name="it", covers_to=date(2025, 5, 31))
    both = together(calendar_with(), short)
    assert both.covers(date(2025, 5, 31)) and not both.covers(date(2025, 6, 1))
    assert deadline_of(Rule.parse("on x"), date(2025, 6, 2), Roll.BACK, both).provisional
