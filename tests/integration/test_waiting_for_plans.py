"""What follows a plan waits for the order that makes it; a hold waits for nothing else. On a real store."""

from collections.abc import AsyncIterator, Sequence
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.tasks.deadline import Deadline, DeadlineState
from services.tasks.decree import Decree
from services.tasks.parked import TasksParked
from services.tasks.plan import Plan, PlanState
from shared.contracts.tasks import InboxEventParked
from shared.contracts.text import Text
from shared.eventstore.command import Instruction
from shared.eventstore.migrate import migrate
from shared.eventstore.store import EventStore
from shared.service.parked_desk import ParkedDesk
from tests.property.adopted_late import (
    DECREE,
    FIRST,
    NOW,
    Course,
    Office,
    Told,
    announced,
    arrivals,
    dates,
    dropped,
    held,
    order,
    recalled,
    resumed,
    signed,
    taken_in,
)
from tests.unit.tasks.given import ADMIN
from tests.virtual_time import VirtualTime

WHY = Text(en="It is carried out on paper.", ar="يُنفَّذ ورقيًا.")
ORDER = len(FIRST) + 1
"""The position of the order of the first measure."""


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[EventStore]:
    await migrate(database_url, "tasks")
    store = EventStore("tasks", database_url, VirtualTime(NOW), Ed25519PrivateKey.generate())
    await store.open()
    yield store
    await store.close()


async def told(store: EventStore, then: Sequence[Told], **adopted: int) -> Office:
    """Take in both orders and what is told then; procedures are adopted after a position, or never."""
    events = arrivals([*FIRST, order("m-1"), order("m-2"), *then])
    return await taken_in(store, events, Course(adopted, readable=0, breaks=frozenset(), seed=1))


async def behind(store: EventStore) -> dict[int, int | None]:
    """What an operator sees parked, and behind what."""
    rows = await ParkedDesk(store, ("registry",), TasksParked).listed(ADMIN, "registry", None, 0, 50)
    return {row["position"]: row["behind"] for _, row in rows}


async def test_what_follows_a_plan_is_parked_behind_its_order_and_seen_there(store: EventStore) -> None:
    then = [dates("m-1", 10), recalled("m-1", "p-1"), signed("m-1"), announced("m-1"), dropped("m-1")]
    await told(store, then, merging=0)
    waiting = dict.fromkeys(range(ORDER + 2, ORDER + 7), ORDER)
    assert await behind(store) == {3: None, ORDER: None} | waiting
    records = await store.read(0, 1_000)
    parked = [r.event for r in records if isinstance(r.event, InboxEventParked)]
    assert {one.of_position: one.behind for one in parked} == await behind(store)
    joined = {one.of_stream: one.joins for one in parked if one.joins}
    assert joined["mission.emb-va"] == ("measure.m-1",)


async def test_what_other_plans_follow_and_what_no_plan_is_about_goes_on(store: EventStore) -> None:
    elsewhere = recalled("m-2", "p-2")[0].model_copy(update={"mission": "emb-no"})
    await told(store, [dates("m-2", 10), recalled("m-2", "p-1"), (elsewhere, "p-2")], merging=0)
    assert await behind(store) == {3: None, ORDER: None}
    plan = await store.load(Plan, "m-2")
    assert plan.dates is not None and plan.outcomes == ("p-1",)


async def test_adopting_the_procedure_takes_all_of_it_in(store: EventStore) -> None:
    await told(store, [dates("m-1", 10), recalled("m-1", "p-1")], merging=0, closing=ORDER + 3)
    assert await behind(store) == {}
    plan = await store.load(Plan, "m-1")
    assert plan.dates is not None and plan.outcomes == ("p-1",)


async def test_where_the_order_is_skipped_there_is_no_plan_to_wait_for(store: EventStore) -> None:
    office = await told(store, [dates("m-1", 10), recalled("m-1", "p-1"), recalled("m-1", "p-2")], merging=0)
    desk = ParkedDesk(store, ("registry",), TasksParked)
    await office.begin()
    await desk.skip(Instruction(id=uuid4(), actor=ADMIN), "registry", ORDER, WHY)
    await office.rest()
    await office.end()
    assert await behind(store) == {3: None}
    assert (await store.load(Plan, "m-1")).state is PlanState.NONE


async def test_a_hold_stops_the_clock_while_the_decree_itself_is_parked(store: EventStore) -> None:
    await told(store, [dates("m-2", 10), held("h-1", None)], merging=0)
    assert 3 in await behind(store), "the decree waits for a procedure that its measures do not use"
    plan = await store.load(Plan, "m-2")
    stands = {(await store.load(Deadline, task.task)).state for task in plan.tasks}
    assert stands == {DeadlineState.SUSPENDED}
    assert len((await store.load(Decree, DECREE)).holds) == 1


async def test_the_lift_of_a_hold_waits_for_nothing_either(store: EventStore) -> None:
    await told(store, [dates("m-2", 10), held("h-1", None), resumed("h-1")], merging=0)
    plan = await store.load(Plan, "m-2")
    assert DeadlineState.SUSPENDED not in {(await store.load(Deadline, t.task)).state for t in plan.tasks}
