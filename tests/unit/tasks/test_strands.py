"""What waits for what of the registry: whatever follows a plan that is still to come waits for its order."""

from dataclasses import replace

import pytest

from services.tasks.completing import completing
from services.tasks.parked import TasksParked
from services.tasks.plan import Plan
from services.tasks.reactions import RegistryReactions
from services.tasks.strands import strands_of
from services.tasks.template.completing import BY_MEASURE
from shared.contracts import registry
from shared.contracts.event import Event
from shared.contracts.inbox import OfParked
from shared.messaging.parking.refusals import NotFirst
from shared.messaging.parking.strands import Strands
from shared.messaging.received import Received
from tests.property.adopted_late import (
    MEASURES,
    Told,
    announced,
    arrivals,
    dates,
    dropped,
    executed,
    held,
    order,
    reassigned,
    recalled,
    reopened,
    resumed,
    signed,
)
from tests.unit.messaging.test_parked_events import FAILURE, MOMENT
from tests.unit.tasks.given import ISSUED

(MEASURE, MISSION), *_ = MEASURES.items()
SEPARATED = registry.StaffSeparated(mission=MISSION, category="diplomat", by="cabinet"), "p-1"


def arrived(told: Told) -> Received:
    return arrivals([told])[0]


def waits_for(first: Told, then: Told) -> bool:
    """Whether what comes then must wait while what came first does."""
    return bool({*strands_of(arrived(first)).held} & {*strands_of(arrived(then)).asked})


@pytest.mark.parametrize(
    "then",
    [
        dates(MEASURE, 1),
        announced(MEASURE),
        signed(MEASURE),
        recalled(MEASURE, "p-1"),
        reassigned(MEASURE, "p-1"),
        SEPARATED,
        reopened(MEASURE),
        dropped(MEASURE),
        executed(MEASURE),
    ],
    ids=lambda told: told[0].event_type,
)
def test_what_follows_a_plan_waits_for_the_order_that_makes_it(then: Told) -> None:
    assert waits_for(order(MEASURE), then)
    assert not waits_for(order("m-2"), then), "and for no other"


@pytest.mark.parametrize("kind", BY_MEASURE, ids=lambda kind: kind.event_type)
def test_whatever_completes_tasks_by_its_measure_does(kind: type[Event]) -> None:
    """Its keys say it, so that one of a newer schema does so too."""
    meta = arrived(announced(MEASURE)).meta
    plain = replace(arrived(announced(MEASURE)), type=kind.event_type, meta=meta, data=b"{}")
    assert f"measure.{MEASURE}" in strands_of(plain).rests_on


def test_an_order_that_nobody_can_read_is_waited_for_as_well() -> None:
    unread = replace(arrived(order(MEASURE)), schema=99, data=b'{"of": "a newer release"}')
    assert strands_of(unread) == strands_of(arrived(order(MEASURE)))


def test_orders_wait_for_nothing_of_another_measure() -> None:
    again: Told = (order(MEASURE)[0], "m-3")
    assert not waits_for(order(MEASURE), again)


def test_people_and_missions_do_not_wait_for_one_another() -> None:
    assert not waits_for(recalled(MEASURE, "p-1"), recalled(MEASURE, "p-2"))
    assert not waits_for(dates(MEASURE, 1), recalled(MEASURE, "p-1"))


@pytest.mark.parametrize("then", [held("h-1", None), resumed("h-1")], ids=["held", "resumed"])
def test_a_hold_waits_for_nothing_but_holds(then: Told) -> None:
    issued: Told = (ISSUED, "298-2025")
    assert not waits_for(issued, then) and not waits_for(order(MEASURE), then)
    assert waits_for(held("h-2", None), then)
    assert strands_of(arrived(then)) == Strands("decree.298-2025/holds")


def test_every_reaction_that_reads_a_plan_by_its_measure_waits_for_it() -> None:
    """A reaction that is added later and names a plan of another stream cannot be forgotten here."""
    react = RegistryReactions().react
    for told in (dates(MEASURE, 1), announced(MEASURE)):
        one = arrived(told)
        command = react(one)
        assert command is not None
        plans = {id for kind, id in (*command.reads, *completing(one)) if kind is Plan}
        assert {f"measure.{id}" for id in plans} <= {*strands_of(one).asked}


def test_a_reassignment_that_could_not_be_read_when_it_was_parked_waits_for_the_order() -> None:
    ordered, left = arrivals([order(MEASURE), reassigned(MEASURE, "p-1")])
    unread = replace(left, schema=99, data=b"{}")
    parked = TasksParked.blank("registry")
    for one in (ordered, unread):
        of = OfParked(
            source="registry", of_position=one.position, of_stream=one.stream, of_event=one.event_id
        )
        parked.park(of, one.log_id, one.type, FAILURE, MOMENT, strands_of(one))
    assert parked.before(left.position) is None, "nobody could tell which mission it is about"
    with pytest.raises(NotFirst):
        parked.take_in(left.position, MOMENT, strands=strands_of(left))
    parked.take_in(ordered.position, MOMENT, strands=strands_of(ordered))
    parked.take_in(left.position, MOMENT, strands=strands_of(left))
    assert parked.waiting == {}
