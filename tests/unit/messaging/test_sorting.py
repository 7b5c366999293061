"""What a stream and a store have in common, and what the store has lost, wherever the events stand."""

from typing import Any

from shared.messaging.comparing import Compared
from shared.messaging.divergence import Divergence, _Sorting
from shared.messaging.likeness import Fault, Kind
from tests.unit.messaging.test_envelope import LOG, opened, record


def fault(sequence: int, kind: Kind, position: int | None = None) -> Fault:
    event: Any = None if position is None else opened(record(position=position))
    return Fault(sequence, kind, None, "is wrong", event)


def sorted_of(last: int, *faults: Fault, size: int = 3) -> Divergence:
    """Sort what was found in so many messages, a few at a time."""
    sorting = _Sorting()
    for first in range(1, last + 1, size):
        upto = min(last, first + size - 1)
        here = tuple(fault for fault in faults if first <= fault.sequence <= upto)
        sorting.add(Compared(first, upto, here))
    return sorting.result(LOG)


def lost(found: Divergence) -> list[int]:
    return [event.position for event in found.lost]


def test_events_that_a_foreign_message_moved_are_common_by_their_positions() -> None:
    shifted = [fault(n, Kind.COPIED, n - 1) for n in range(4, 9)]
    found = sorted_of(9, fault(3, Kind.FOREIGN), *shifted, fault(9, Kind.BEYOND, 8))
    assert (found.matched, lost(found)) == (7, [8])
    assert found.counts == {Kind.FOREIGN: 1, Kind.COPIED: 5}


def test_a_forged_event_among_moved_ones_is_not_lost() -> None:
    found = sorted_of(6, fault(3, Kind.OTHER, 3), *(fault(n, Kind.COPIED, n - 1) for n in (4, 5, 6)))
    assert (found.matched, lost(found)) == (5, [])
    assert found.counts == {Kind.OTHER: 1, Kind.COPIED: 3}


def test_a_copy_of_what_came_before_hides_no_loss() -> None:
    found = sorted_of(5, *(fault(n, Kind.BEYOND, n) for n in (3, 4)), fault(5, Kind.COPIED, 2))
    assert (found.matched, lost(found)) == (2, [3, 4])


def test_what_stands_in_place_after_a_copy_of_a_later_one_does_not_set_back_what_is_common() -> None:
    found = sorted_of(4, fault(2, Kind.COPIED, 6), fault(3, Kind.OTHER, 3))
    assert (found.matched, lost(found)) == (6, [])


def test_without_anything_moved_the_last_in_place_is_common() -> None:
    found = sorted_of(7, fault(2, Kind.OTHER, 2), fault(6, Kind.OTHER, 6), fault(7, Kind.BEYOND, 7))
    assert (found.matched, lost(found), found.counts) == (5, [6, 7], {Kind.OTHER: 1})
