"""The critical path: worked examples, and properties over random networks."""

from datetime import date
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.tasks.plan.axis import WorkingAxis
from services.tasks.plan.network import Activity, critical_path, reckoned
from shared.calendar import WorkingCalendar
from tests.unit.tasks.given import declaration

LY = WorkingCalendar(name="ly", version=1, **declaration(date(2025, 9, 16)).model_dump())


def test_a_chain_is_critical_where_it_fills_the_time() -> None:
    timed = reckoned(
        [Activity("a", 3), Activity("b", 2, ("a",)), Activity("c", 4, ("b",), due=10), Activity("d", 1)],
        start=1,
    )
    # a: days 1-3, b: 4-5, c: 6-9; it may end on day 10, so that one day is to spare on the whole chain.
    assert [(timed[id].earliest_start, timed[id].earliest_finish) for id in "abcd"] == [
        (1, 3),
        (4, 5),
        (6, 9),
        (1, 1),
    ]
    assert [timed[id].slack for id in "abcd"] == [1, 1, 1, 8]
    assert (timed["a"].latest_start, timed["a"].latest_finish) == (2, 4)
    assert critical_path(timed) == ("a", "b", "c")


def test_two_ways_to_one_end_differ_in_their_slack() -> None:
    timed = reckoned(
        [
            Activity("a", 1),
            Activity("long", 5, ("a",)),
            Activity("short", 2, ("a",)),
            Activity("end", 1, ("long", "short"), due=7),
        ],
        start=1,
    )
    assert {id: timing.slack for id, timing in timed.items()} == {"a": 0, "long": 0, "short": 3, "end": 0}
    assert critical_path(timed) == ("a", "long", "end")


def test_a_task_that_opens_later_waits_for_nothing_before_it() -> None:
    timed = reckoned([Activity("a", 1, due=9), Activity("b", 1, ("a",), not_before=8, due=8)], start=1)
    assert (timed["b"].earliest_start, timed["b"].driver, timed["b"].slack) == (8, None, 0)
    assert timed["a"].slack == 6
    assert critical_path(timed) == ("b",)


def test_what_is_done_fixes_its_day_and_has_no_slack() -> None:
    timed = reckoned([Activity("a", 5, finished=2), Activity("b", 3, ("a",), due=4)], start=3)
    assert (timed["a"].earliest_finish, timed["a"].slack) == (2, None)
    assert (timed["b"].earliest_start, timed["b"].slack) == (3, -1)
    assert critical_path(timed) == ("b",)


def test_late_work_makes_all_that_needs_it_late() -> None:
    timed = reckoned([Activity("a", 2, due=3), Activity("b", 1, ("a",), due=9)], start=5)
    assert (timed["a"].slack, timed["b"].slack) == (-3, 2)
    timed = reckoned([Activity("a", 2, due=3), Activity("b", 1, ("a",), due=4)], start=5)
    assert (timed["a"].slack, timed["b"].slack) == (-3, -3)
    assert critical_path(timed) == ("a", "b")


def test_nothing_open_has_no_critical_path() -> None:
    assert critical_path(reckoned([Activity("a", 1, finished=4)], start=1)) == ()
    assert critical_path(reckoned([], start=1)) == ()


def test_a_circle_is_an_error() -> None:
    with pytest.raises(CycleError):
        reckoned([Activity("a", 1, ("b",)), Activity("b", 1, ("a",))], start=1)


@st.composite
def networks(draw: st.DrawFn) -> tuple[list[Activity], int]:
    count = draw(st.integers(1, 9))
    due = st.one_of(st.none(), st.integers(0, 40))
    activities = []
    for number in range(count):
        earlier = [f"t{n}" for n in range(number)]
        needs = tuple(draw(st.lists(st.sampled_from(earlier), unique=True))) if earlier else ()
        finished = draw(st.one_of(st.none(), st.none(), st.integers(0, 5)))
        activities.append(
            Activity(f"t{number}", draw(st.integers(1, 6)), needs, draw(due), draw(due), finished)
        )
    return activities, draw(st.integers(0, 10))


def late_with(activities: list[Activity], start: int, delayed: str, days: int) -> set[str]:
    """Which open tasks miss their due days where one takes longer: a brute-force forward pass."""
    ends: dict[str, int] = {}
    known = {one.id: one for one in activities}
    for id in TopologicalSorter({one.id: one.needs for one in activities}).static_order():
        one = known[id]
        if one.finished is not None:
            ends[id] = one.finished
            continue
        waits = [ends[need] + 1 for need in one.needs if known[need].finished is None]
        begun = max([start, *([one.not_before] if one.not_before is not None else []), *waits])
        ends[id] = begun + one.days - 1 + (days if id == delayed else 0)
    return {
        id for id, one in known.items() if one.finished is None and one.due is not None and ends[id] > one.due
    }


@settings(max_examples=200, deadline=None)
@given(networks())
def test_a_task_may_take_its_slack_longer_and_nothing_more_is_late(
    network: tuple[list[Activity], int],
) -> None:
    activities, start = network
    timed = reckoned(activities, start)
    already = late_with(activities, start, "", 0)
    for one in activities:
        slack = timed[one.id].slack
        if slack is None:
            assert one.finished is not None
        elif slack >= 0:
            assert late_with(activities, start, one.id, slack) <= already
        else:
            assert already, "negative slack means that something is late"


@settings(max_examples=200, deadline=None)
@given(networks())
def test_the_critical_path_is_a_chain_of_the_least_slack(network: tuple[list[Activity], int]) -> None:
    activities, start = network
    timed, known = reckoned(activities, start), {one.id: one for one in activities}
    path = critical_path(timed)
    open = [timing.slack for timing in timed.values() if timing.slack is not None]
    assert bool(path) is bool(open)
    assert {timed[id].slack for id in path} <= {min(open, default=0)}
    for before, after in pairwise(path):
        assert before in known[after].needs
        assert timed[after].earliest_start == timed[before].earliest_finish + 1


def test_the_axis_counts_working_days_only() -> None:
    axis = WorkingAxis(LY, [date(2025, 9, 14), date(2025, 9, 21)], beyond=3)
    sunday, holiday, friday, next_sunday = (date(2025, 9, day) for day in (14, 16, 19, 21))
    # Sunday 14 to Sunday 21: 14, 15, 17, 18, 21, since the 16th is a holiday and Friday and Saturday are off.
    assert axis.from_day(next_sunday) - axis.from_day(sunday) == 4
    assert axis.day(axis.from_day(holiday)) == date(2025, 9, 17)
    assert axis.day(axis.until_day(holiday)) == date(2025, 9, 15)
    assert (axis.day(axis.from_day(friday)), axis.day(axis.until_day(friday))) == (
        next_sunday,
        date(2025, 9, 18),
    )
    assert axis.day(axis.from_day(next_sunday) + 3) == date(2025, 9, 24)
    assert axis.day(axis.from_day(sunday) - 3) == date(2025, 9, 9)
