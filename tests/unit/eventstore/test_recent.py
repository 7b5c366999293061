"""The end of the log in memory: as long as somebody reads it, and no more of it than may be kept."""

from datetime import UTC, datetime, timedelta

from shared.eventstore.recent import BYTES, KEPT, OVERHEAD, Recent
from shared.eventstore.rendering import Row

BEGIN = datetime(2026, 1, 5, 9, tzinfo=UTC)
SECONDS = int(KEPT.total_seconds())
ALL = 10_000_000


def rows(first: int, number: int, size: int = 10, sealed: int = 0) -> list[Row]:
    return [
        Row(at, "mission/1", at, "mission.opened", 1, BEGIN, bytes(size), b"{}", bytes(sealed))
        for at in range(first, first + number)
    ]


def read(recent: Recent, after: int, limit: int = ALL) -> list[int] | None:
    found = recent.read(after, limit)
    return None if found is None else [record.position for record in found]


def test_reads_what_follows_and_nothing_from_before_it_began() -> None:
    recent = Recent(4)
    recent.extend(rows(5, 3), BEGIN)

    assert read(recent, 3) is None
    assert (read(recent, 4), read(recent, 5, 1), read(recent, 7)) == ([5, 6, 7], [6], [])


def test_begins_anew_behind_what_others_committed() -> None:
    recent = Recent(0)
    recent.extend(rows(1, 3), BEGIN)
    recent.restart(20)

    assert (read(recent, 3), read(recent, 19), read(recent, 20)) == (None, None, [])


def test_rows_are_kept_while_somebody_may_read_them_and_dropped_when_they_are_twice_as_old() -> None:
    recent = Recent(0)
    for second in range(1, 101):
        recent.extend(rows(second, 1), BEGIN + timedelta(seconds=second))
        young = second - SECONDS
        assert read(recent, max(0, young - 1)) == list(range(max(1, young), second + 1))
        assert second <= 2 * SECONDS + 1 or read(recent, young - SECONDS - 2) is None


def test_a_batch_after_a_long_rest_leaves_nothing_from_before_it() -> None:
    recent = Recent(0)
    number = BYTES // OVERHEAD - 100
    recent.extend(rows(1, number), BEGIN)
    recent.extend(rows(number + 1, 200), BEGIN + timedelta(days=1))

    assert (read(recent, number - 1), read(recent, number)) == (None, [*range(number + 1, number + 201)])


def test_a_batch_without_rows_is_none() -> None:
    recent = Recent(0)
    recent.extend([], BEGIN)
    assert read(recent, 0) == []
    recent.extend(rows(1, 1), BEGIN)
    recent.extend([], BEGIN + KEPT)
    assert read(recent, 0) == [1]


def test_moments_that_go_back_keep_what_is_there() -> None:
    recent = Recent(0)
    for first, moment in enumerate((BEGIN, BEGIN - timedelta(days=1), BEGIN), start=1):
        recent.extend(rows(first, 1), moment)

    assert read(recent, 0) == [1, 2, 3]


def test_a_burst_is_bounded_in_bytes_and_its_end_is_kept() -> None:
    recent = Recent(0)
    fits = BYTES // (OVERHEAD + 1000 + 2)
    recent.extend(rows(1, fits, 1000), BEGIN)
    assert read(recent, 0) is not None

    recent.extend(rows(fits + 1, 1, 1000), BEGIN)
    left = read(recent, (fits + 1) // 2 + 1)
    assert read(recent, (fits + 1) // 2 - 1) is None
    assert left is not None and left[-1] == fits + 1


def test_one_batch_of_more_than_is_kept_is_cut_at_once_and_its_sealed_bytes_count() -> None:
    recent = Recent(0)
    large = BYTES // 4
    recent.extend(rows(1, 12, 0, large), BEGIN)

    assert [read(recent, after) is not None for after in (8, 9, 10, 11)] == [False, True, True, True]


def test_after_a_cut_as_much_fits_as_at_first() -> None:
    number = BYTES // (OVERHEAD + 12)
    old, anew = Recent(0), Recent(0)
    for recent in (old, anew):
        recent.extend(rows(1, number), BEGIN)
    old.extend(rows(number + 1, number), BEGIN + timedelta(days=1))
    anew.restart(number)
    anew.extend(rows(number + 1, number), BEGIN)

    for recent in (old, anew):
        assert read(recent, number) == list(range(number + 1, 2 * number + 1))
