"""The end of the log in memory: as long as somebody reads it, and no more of it than may be kept."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from shared.eventstore.recent import BYTES, KEPT, MOMENTS, OVERHEAD, Recent
from shared.eventstore.rendering import Row

BEGIN = datetime(2026, 1, 5, 9, tzinfo=UTC)
ALL = 10_000_000


def rows(first: int, number: int, size: int = 10) -> list[Row]:
    return [
        Row(position, "mission/1", position, "mission.opened", 1, BEGIN, bytes(size), b"{}", b"")
        for position in range(first, first + number)
    ]


def read(recent: Recent, after: int, limit: int = ALL) -> list[int] | None:
    found = recent.read(after, limit)
    return None if found is None else [record.position for record in found]


def test_reads_what_follows_and_nothing_from_before_it_began() -> None:
    recent = Recent(4)
    recent.extend(rows(5, 3), BEGIN)

    assert read(recent, 3) is None
    assert (read(recent, 4), read(recent, 5, 1), read(recent, 7)) == ([5, 6, 7], [6], [])


def test_rows_that_everybody_has_read_long_ago_are_dropped_and_the_newest_are_kept() -> None:
    recent = Recent(0)
    for second in range(1, 101):
        recent.extend(rows(second, 1), BEGIN + timedelta(seconds=second))

    kept = int(KEPT.total_seconds())
    assert read(recent, 100 - kept - 1) is not None, "what is not older than may be read"
    assert read(recent, 100 - 2 * kept - 2) is None, "what is twice as old is gone"
    assert read(recent, 99) == [100]


def test_a_row_after_a_long_rest_leaves_nothing_from_before_it() -> None:
    recent = Recent(0)
    recent.extend(rows(1, 500), BEGIN)
    recent.extend(rows(501, 1), BEGIN + timedelta(days=1))

    assert (read(recent, 499), read(recent, 500)) == (None, [501])


def test_a_burst_is_bounded_in_bytes() -> None:
    recent = Recent(0)
    number = BYTES // (OVERHEAD + 1000) + 1
    recent.extend(rows(1, number, 1000), BEGIN)

    left = read(recent, number // 2)
    assert read(recent, number // 2 - 1) is None
    assert left is not None and len(left) == number - number // 2


def test_a_batch_without_rows_changes_nothing() -> None:
    recent = Recent(0)
    recent.extend([], BEGIN)
    assert (read(recent, 0), recent.recorded_at(1)) == ([], None)
    recent.extend(rows(1, 1), BEGIN)
    recent.extend([], BEGIN + timedelta(days=1))
    assert (read(recent, 0), recent.recorded_at(1)) == ([1], BEGIN)


@pytest.mark.parametrize("asked", [1, 2, 3, 500, 501])
def test_tells_when_a_row_was_recorded_long_after_it_was_dropped(asked: int) -> None:
    recent = Recent(0)
    batches: Sequence[tuple[int, int, timedelta]] = (
        (1, 2, timedelta()),
        (3, 498, timedelta(hours=1)),
        (501, 1, timedelta(days=1)),
    )
    for first, number, later in batches:
        recent.extend(rows(first, number), BEGIN + later)

    [recorded] = [BEGIN + later for first, number, later in batches if first <= asked < first + number]
    assert recent.recorded_at(asked) == recorded


def test_tells_nothing_of_rows_from_before_it_began_or_that_are_yet_to_come() -> None:
    recent = Recent(4)
    recent.extend(rows(5, 3), BEGIN)
    assert [recent.recorded_at(position) for position in (4, 5, 7, 8)] == [None, BEGIN, BEGIN, None]

    recent.restart(20)
    assert [recent.recorded_at(position) for position in (7, 20, 21)] == [None, None, None]
    assert (read(recent, 19), read(recent, 20)) == (None, [])


def test_moments_are_bounded_too() -> None:
    recent = Recent(0)
    for position in range(1, 3 * MOMENTS):
        recent.extend(rows(position, 1), BEGIN)

    told = [position for position in range(1, 3 * MOMENTS) if recent.recorded_at(position) is not None]
    assert MOMENTS // 2 <= len(told) <= MOMENTS
    assert told[-1] == 3 * MOMENTS - 1
