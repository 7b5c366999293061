"""Queues of what waits together: joined by what rests on several, in the order of recording."""

from hypothesis import given
from hypothesis import strategies as st

from shared.messaging.parking.queues import Queues


class Waiting:
    """Queues with the strand of each position."""

    def __init__(self) -> None:
        self.positions: dict[str, list[int]] = {}
        self.strands: dict[str, list[str]] = {}
        self.held: dict[str, list[str]] = {}
        self.queues = Queues(self.positions, self.strands, self.held)
        self.own: dict[int, str] = {}

    def add(
        self, position: int, own: str, makes: tuple[str, ...] = (), rests_on: tuple[str, ...] = ()
    ) -> None:
        self.own[position] = own
        self.queues.add(position, (own, *makes), (own, *rests_on))

    def remove(self, position: int) -> str | None:
        return self.queues.remove(position, self.own.pop(position))

    @property
    def empty(self) -> bool:
        return not (self.positions or self.strands or self.held)


def test_what_rests_on_nothing_that_waits_has_a_queue_of_its_own() -> None:
    waiting = Waiting()
    waiting.add(7, "measure.m", makes=("closing.a",))
    waiting.add(8, "staff.s", rests_on=("closing.b",))
    assert waiting.positions == {"measure.m": [7], "staff.s": [8]}


def test_what_rests_on_something_that_waits_is_behind_it_and_so_is_what_follows_on_its_strand() -> None:
    waiting = Waiting()
    waiting.add(7, "measure.m", makes=("closing.a",))
    waiting.add(8, "staff.s", rests_on=("closing.a",))
    waiting.add(9, "staff.s", rests_on=("closing.b",))
    assert waiting.positions == {"measure.m": [7, 8, 9]}


def test_the_queues_that_one_event_rests_on_become_one_in_the_order_of_recording() -> None:
    waiting = Waiting()
    waiting.add(5, "mission.a")
    waiting.add(6, "measure.m")
    waiting.add(7, "mission.a")
    waiting.add(8, "mission.a", rests_on=("measure.m",))
    assert waiting.positions == {"mission.a": [5, 6, 7, 8]}
    assert waiting.queues.first(["measure.m"]) == 5


def test_a_queue_holds_its_strands_up_until_it_is_empty() -> None:
    """Else a measure that is dropped would overtake the dates that were set before that."""
    waiting = Waiting()
    waiting.add(7, "measure.m")
    waiting.add(8, "mission.a", rests_on=("measure.m",))
    assert waiting.remove(7) is None
    assert waiting.queues.first(["measure.m"]) == 8
    assert waiting.remove(8) == "measure.m"
    assert waiting.empty


def test_two_that_make_the_same_wait_apart_and_what_rests_on_it_behind_both() -> None:
    waiting = Waiting()
    waiting.add(5, "measure.m", makes=("closing.a",))
    waiting.add(6, "measure.n", makes=("closing.a",))
    assert waiting.positions == {"measure.m": [5], "measure.n": [6]}
    waiting.remove(5)
    waiting.add(7, "staff.s", rests_on=("closing.a",))
    assert waiting.positions == {"measure.n": [6, 7]}


names = st.sampled_from("abcde")
several = st.lists(names.map(lambda name: f"of {name}"), max_size=2).map(tuple)


@given(st.lists(st.tuples(names, several, several, st.booleans()), max_size=40))
def test_nothing_overtakes_what_it_rests_on_and_all_of_it_comes_out(
    arriving: list[tuple[str, tuple[str, ...], tuple[str, ...], bool]],
) -> None:
    waiting, before = Waiting(), dict[int, set[int]]()
    known: dict[int, tuple[str, tuple[str, ...]]] = {}
    for position, (own, makes, rests_on, leaves) in enumerate(arriving, 1):
        asked = {own, *rests_on}
        waits_for = {at for at, (its, made) in known.items() if at in waiting.own and asked & {its, *made}}
        waiting.add(position, own, makes, rests_on)
        known[position], before[position] = (own, makes), waits_for
        if leaves:
            gone = min(queue[0] for queue in waiting.positions.values())
            assert not before[gone] & waiting.own.keys()
            waiting.remove(gone)
    while waiting.positions:
        for queue in list(waiting.positions.values()):
            assert queue == sorted(queue)
        gone = next(iter(waiting.positions.values()))[0]
        assert not before[gone] & waiting.own.keys()
        waiting.remove(gone)
    assert waiting.empty
