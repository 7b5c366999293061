"""The rules about parked events: order within a stream, and who may go."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.tasks.parked import TasksParked
from services.tasks.strands import ANY_CLOSING
from shared.contracts.event import Event
from shared.contracts.inbox import Failure, OfParked
from shared.contracts.tasks import (
    InboxEventGivenUp,
    InboxEventParked,
    InboxEventRetried,
    InboxEventSkipped,
    InboxEventTakenIn,
)
from shared.contracts.text import Text
from shared.domain import Moment
from shared.eventstore import snapshots
from shared.messaging.parking.refusals import AlreadyParked, NotBehind, NotFirst, NotParked
from shared.messaging.parking.strands import Strands

NOW = datetime(2025, 5, 5, 8, tzinfo=UTC)
MOMENT = Moment(NOW, NOW)
LOG = uuid4()
ORDERED, HELD = "registry.measure.ordered", "registry.decree.held"
WHY = Text(en="The decree went another way.", ar="سلك القرار طريقًا آخر.")
FAILURE = Failure(code="procedure-not-adopted", reason=Text(en="No procedure.", ar="لا إجراءات."))


def of(position: int, stream: str = "decree.1") -> OfParked:
    return OfParked(source="registry", of_position=position, of_stream=stream, of_event=UUID(int=position))


def failed(parked: TasksParked, position: int, stream: str = "decree.1") -> None:
    parked.park(of(position, stream), LOG, "registry.decree.amended", FAILURE, MOMENT)


def behind(parked: TasksParked, position: int, stream: str = "decree.1") -> None:
    parked.park(of(position, stream), LOG, "registry.decree.amended", None, MOMENT)


def given(*positions: int, stream: str = "decree.1") -> TasksParked:
    """Parked events of one stream, the first of which failed."""
    parked = TasksParked.blank("registry")
    for position in positions:
        (failed if position == positions[0] else behind)(parked, position, stream)
    parked.pending_events.clear()
    return parked


def recorded(parked: TasksParked) -> list[Event]:
    return [change.event for change in parked.pending_events]  # type: ignore[attr-defined]  # the library's type


def test_an_event_that_failed_is_parked_with_its_reason() -> None:
    parked = given()
    failed(parked, 7)
    assert recorded(parked) == [
        InboxEventParked(**of(7).model_dump(), of_log=LOG, of_type="registry.decree.amended", failure=FAILURE)
    ]
    assert parked.first("decree.1") == 7


def test_a_later_one_of_its_stream_waits_behind_it() -> None:
    parked = given(7)
    behind(parked, 9)
    (told,) = recorded(parked)
    assert isinstance(told, InboxEventParked) and (told.behind, told.failure) == (7, None)


def test_nothing_waits_behind_a_stream_that_is_free() -> None:
    for parked in (given(), given(7, stream="decree.2")):
        with pytest.raises(NotBehind):
            behind(parked, 9)
        assert recorded(parked) == []


def test_a_position_is_parked_once() -> None:
    parked = given(7)
    with pytest.raises(AlreadyParked, match=str(LOG)):
        failed(parked, 7, "decree.2")


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        (lambda parked, at: parked.take_in(at, MOMENT), InboxEventTakenIn),
        (lambda parked, at: parked.give_up(at, 9, FAILURE, MOMENT), InboxEventGivenUp),
        (lambda parked, at: parked.retry(at, None, "admin", MOMENT), InboxEventRetried),
        (lambda parked, at: parked.skip(at, WHY, "admin", MOMENT), InboxEventSkipped),
    ],
)
def test_only_the_first_of_a_stream_moves(act: Any, kind: type[Event]) -> None:
    parked = given(7, 9)
    with pytest.raises(NotFirst, match="behind the one at 7"):
        act(parked, 9)
    with pytest.raises(NotParked):
        act(parked, 8)
    assert recorded(parked) == []
    act(parked, 7)
    assert [type(event) for event in recorded(parked)] == [kind]


def leaving() -> Sequence[Any]:
    return [
        lambda parked, at: parked.take_in(at, MOMENT),
        lambda parked, at: parked.skip(at, WHY, "admin", MOMENT),
    ]


@pytest.mark.parametrize("let_go", leaving())
def test_what_leaves_makes_room_for_the_one_behind_it_and_leaves_once(let_go: Any) -> None:
    parked = given(7, 9)
    let_go(parked, 7)
    assert parked.first("decree.1") == 9
    with pytest.raises(NotParked):
        let_go(parked, 7)
    let_go(parked, 9)
    assert (parked.first("decree.1"), parked.waiting, parked.queues) == (None, {}, {})


def test_a_skip_says_who_and_why() -> None:
    parked = given(7)
    parked.skip(7, WHY, "follow-up-office", MOMENT)
    assert recorded(parked) == [InboxEventSkipped(**of(7).model_dump(), by="follow-up-office", reason=WHY)]


def test_it_is_given_up_once_until_somebody_retries_it() -> None:
    parked = given(7)
    parked.give_up(7, 9, FAILURE, MOMENT)
    parked.give_up(7, 9, FAILURE, MOMENT)
    parked.retry(7, WHY, "admin", MOMENT)
    parked.give_up(7, 9, FAILURE, MOMENT)
    assert [type(event) for event in recorded(parked)] == [
        InboxEventGivenUp,
        InboxEventRetried,
        InboxEventGivenUp,
    ]


def test_streams_wait_apart() -> None:
    parked = given(7, 9)
    failed(parked, 8, "decree.2")
    parked.take_in(8, MOMENT)
    assert parked.first("decree.1") == 7


def test_it_is_the_same_from_a_snapshot() -> None:
    parked, again = given(7, 9), TasksParked.blank("registry")
    parked.give_up(7, 9, FAILURE, MOMENT)
    snapshots.restore(again, snapshots.dump(parked))
    assert (again.waiting, again.queues) == (parked.waiting, parked.queues)


def test_what_rests_on_what_is_parked_of_another_stream_waits_behind_it() -> None:
    parked = given()
    parked.park(of(7, "measure.m"), LOG, ORDERED, FAILURE, MOMENT, Strands("measure.m", ("closing.a",)))
    parked.pending_events.clear()
    recall = Strands("staff.s", rests_on=("closing.a", "closing.*"))
    parked.park(of(9, "staff.s"), LOG, "registry.staff.recalled", None, MOMENT, recall)
    (told,) = recorded(parked)
    assert isinstance(told, InboxEventParked)
    assert (told.behind, told.failure, told.joins, told.strands) == (7, None, ("closing.a",), ())
    with pytest.raises(NotFirst, match=r"the one at 7, of the stream measure\.m"):
        parked.take_in(9, MOMENT)
    parked.take_in(7, MOMENT)
    assert (parked.before(9), parked.first("measure.m")) == (None, 9)
    parked.take_in(9, MOMENT)
    assert (parked.waiting, parked.queues, parked.strands, parked.held) == ({}, {}, {}, {})


def test_a_hold_waits_behind_holds_alone() -> None:
    parked = given(7)
    with pytest.raises(NotBehind):
        parked.park(of(9), LOG, HELD, None, MOMENT, Strands("decree.1/holds"))
    parked.park(of(9), LOG, HELD, FAILURE, MOMENT, Strands("decree.1/holds"))
    assert (parked.before(9), parked.first("decree.1")) == (None, 7)


def test_what_older_releases_parked_waits_on_the_strands_that_go_without_saying() -> None:
    parked = TasksParked.blank("registry")
    for position, kind in ((5, "registry.decree.issued"), (6, HELD), (7, ORDERED)):
        stream = "measure.m" if kind == ORDERED else "decree.1"
        told = InboxEventParked(**of(position, stream).model_dump(), of_log=LOG, of_type=kind, behind=5)
        parked.record(told, MOMENT)
    assert parked.queues == {"decree.1": [5], "decree.1/holds": [6], "measure.m": [7]}
    assert parked.first("closing.a", ANY_CLOSING) == 7


def of_older_releases(*told: tuple[int, str, str]) -> TasksParked:
    """What a release parked that kept order within streams alone."""
    parked = TasksParked.blank("registry")
    for position, stream, kind in told:
        one = InboxEventParked(**of(position, stream).model_dump(), of_log=LOG, of_type=kind, failure=FAILURE)
        parked.record(one, MOMENT)
    parked.pending_events.clear()
    return parked


DATES = Strands("mission.a", rests_on=("measure.m",))


def test_what_was_parked_without_its_order_waits_for_it_all_the_same() -> None:
    dates = (9, "mission.a", "registry.mission.dates-set")
    parked = of_older_releases((7, "measure.m", ORDERED), dates)
    assert parked.before(9) is None
    with pytest.raises(NotFirst, match=r"the one at 7, of the stream measure\.m"):
        parked.take_in(9, MOMENT, strands=DATES)
    assert recorded(parked) == []
    parked.take_in(7, MOMENT, strands=Strands("measure.m", ("closing.a",)))
    parked.take_in(9, MOMENT, strands=DATES)
    assert parked.waiting == {}


def test_nothing_waits_for_what_came_after_it_so_not_in_a_circle() -> None:
    parked = of_older_releases((7, "mission.a", "registry.mission.dates-set"), (9, "measure.m", ORDERED))
    order = Strands("measure.m", rests_on=("mission.a",))
    with pytest.raises(NotFirst, match="the one at 7"):
        parked.take_in(9, MOMENT, strands=order)
    parked.take_in(7, MOMENT, strands=DATES)
    parked.take_in(9, MOMENT, strands=order)
    assert parked.waiting == {}
