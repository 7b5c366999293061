from datetime import UTC, date, datetime

import pytest

from shared.calendar import (
    Standing,
    Stoppage,
    day_of,
    end_of_day,
    reckon,
    warning_of,
    working_days_between,
)
from tests.unit.calendar.samples import calendar_with

CALENDAR = calendar_with()
"""Friday and Saturday are off. 1 June 2025 is a Sunday."""

BEGAN = date(2025, 5, 1)
DUE = date(2025, 6, 30)


def june(day: int) -> date:
    return date(2025, 6, day)


def july(day: int) -> date:
    return date(2025, 7, day)


@pytest.mark.parametrize(
    ("after", "upto", "days"),
    [
        (june(1), june(5), 4),  # Monday to Thursday
        (june(5), june(7), 0),  # the weekend
        (june(5), june(8), 1),
        (june(5), june(5), 0),
        (june(8), june(1), 0),
        (date(2024, 2, 28), date(2024, 2, 29), 1),  # a leap day is a Thursday
    ],
)
def test_working_days_are_counted_without_the_first_day_and_with_the_last(
    after: date, upto: date, days: int
) -> None:
    assert working_days_between(after, upto, CALENDAR) == days


def test_holidays_are_no_working_days() -> None:
    assert working_days_between(june(1), june(5), calendar_with(june(3))) == 3


def test_a_stoppage_keeps_what_is_left() -> None:
    assert reckon(DUE, BEGAN, [Stoppage(june(24), None)], CALENDAR) == Standing(DUE, june(24), 4)


def test_a_stoppage_that_is_over_gives_back_what_was_left() -> None:
    # 25, 26, 29 and 30 June were left; after Thursday 10 July these are 13 to 16 July.
    assert reckon(DUE, BEGAN, [Stoppage(june(24), july(10))], CALENDAR) == Standing(july(16))


@pytest.mark.parametrize("day", [june(1), june(6), june(24), DUE])
def test_a_stoppage_that_ends_on_its_own_day_changes_nothing(day: date) -> None:
    assert reckon(DUE, BEGAN, [Stoppage(day, day)], CALENDAR) == Standing(DUE)


def test_a_stoppage_of_no_days_leaves_even_a_due_day_off_as_it_is() -> None:
    friday = june(27)
    assert reckon(friday, BEGAN, [Stoppage(june(24), june(24))], CALENDAR) == Standing(friday)


def test_where_nothing_was_left_it_is_due_on_the_last_day_of_the_stoppage_rolled_forward() -> None:
    assert reckon(DUE, BEGAN, [Stoppage(DUE, july(10))], CALENDAR) == Standing(july(10))
    assert reckon(DUE, BEGAN, [Stoppage(DUE, july(11))], CALENDAR) == Standing(july(13))


def test_a_stoppage_after_the_due_day_changes_nothing() -> None:
    assert reckon(DUE, BEGAN, [Stoppage(july(1), None)], CALENDAR) == Standing(DUE)


def test_overlapping_stoppages_count_once_in_whichever_order_they_became_known() -> None:
    overlapping = [Stoppage(june(22), june(26)), Stoppage(june(24), july(10))]
    whole = reckon(DUE, BEGAN, [Stoppage(june(22), july(10))], CALENDAR)
    assert reckon(DUE, BEGAN, overlapping, CALENDAR) == whole
    assert reckon(DUE, BEGAN, overlapping[::-1], CALENDAR) == whole


def test_a_stoppage_inside_another_adds_nothing() -> None:
    outer = Stoppage(june(22), july(10))
    assert reckon(DUE, BEGAN, [outer, Stoppage(june(23), june(24))], CALENDAR) == reckon(
        DUE, BEGAN, [outer], CALENDAR
    )


def test_a_second_stoppage_stops_what_the_first_gave_back() -> None:
    twice = [Stoppage(june(24), june(30)), Stoppage(july(2), None)]
    # Four days were left after 24 June: 1 to 3 and 6 July; on 2 July two of them are.
    assert reckon(DUE, BEGAN, twice, CALENDAR) == Standing(july(6), july(2), 2)


def test_a_clock_is_not_stopped_before_it_runs() -> None:
    assert reckon(DUE, june(26), [Stoppage(june(1), None)], CALENDAR) == Standing(DUE, june(26), 2)
    assert reckon(DUE, june(26), [Stoppage(june(1), june(20))], CALENDAR) == Standing(DUE)


def test_what_was_over_when_the_clock_began_to_run_carries_nothing_after_it_along() -> None:
    before, after = Stoppage(june(1), june(26)), Stoppage(june(24), july(10))
    # Due on 22 June and set on the 26th: by then the first is over, and the second began after the due day.
    assert reckon(june(22), june(26), [before, after], CALENDAR) == Standing(june(22))


def test_the_last_stoppage_that_moved_the_due_day_is_told() -> None:
    moved, own_day = Stoppage(june(24), july(1), "a"), Stoppage(july(2), july(2), "b")
    much_later = Stoppage(date(2030, 1, 1), date(2030, 2, 1), "c")
    told = reckon(DUE, BEGAN, [much_later, own_day, moved], CALENDAR)
    assert told.last == moved
    overlapping = reckon(DUE, BEGAN, [moved, Stoppage(june(29), july(3), "d")], CALENDAR)
    assert overlapping.last == Stoppage(june(24), july(3), "d")
    assert reckon(DUE, BEGAN, [much_later, own_day], CALENDAR).last is None


def test_a_day_is_that_of_the_calendars_zone() -> None:
    assert day_of(datetime(2025, 6, 30, 22, tzinfo=UTC), CALENDAR) == july(1)
    assert day_of(datetime(2025, 6, 30, 21, 59, tzinfo=UTC), CALENDAR) == june(30)


def test_the_warning_comes_at_the_beginning_of_its_day() -> None:
    assert warning_of(DUE, 5, CALENDAR) == end_of_day(june(22), CALENDAR)
    assert working_days_between(june(23), DUE, CALENDAR) == 5
    assert warning_of(DUE, 0, CALENDAR) is None
