"""When events were recorded is told of what this process committed, for as long as that is remembered."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.eventstore.moments import MOST, Moments

BEGIN = datetime(2026, 1, 5, 9, tzinfo=UTC)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=40), st.integers(0, 5))
def test_tells_of_each_event_when_its_batch_was_recorded_and_nothing_of_others(
    batches: list[tuple[int, int]], begin: int
) -> None:
    """Each batch has events of others before it, which this process did not commit."""
    moments, head = Moments(), begin
    recorded: dict[int, datetime] = {}
    for count, (others, number) in enumerate(batches):
        head += others
        at = BEGIN + timedelta(seconds=count)
        moments.note(head + 1, number, at)
        recorded |= dict.fromkeys(range(head + 1, head + number + 1), at)
        head += number

    for position in range(head + 5):
        assert moments.recorded_at(position) == recorded.get(position)


def test_the_older_half_is_forgotten_when_there_are_too_many() -> None:
    moments = Moments()
    for position in range(1, 3 * MOST):
        moments.note(position, 1, BEGIN)
        told = [
            moments.recorded_at(at) is not None
            for at in (position, position - MOST // 2 + 1, position - MOST)
        ]
        assert told == [True, position >= MOST // 2, False]


def test_batches_without_events_take_no_place() -> None:
    moments = Moments()
    moments.note(1, 1, BEGIN)
    for _ in range(2 * MOST):
        moments.note(2, 0, BEGIN)

    assert moments.recorded_at(1) == BEGIN
