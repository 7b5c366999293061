"""Moments come to positions: against looking at every event of the log."""

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import asyncpg
import pytest

from shared.eventstore.command import Command, Instruction, Turn
from shared.eventstore.migrate import migrate
from shared.eventstore.store import EventStore
from tests.sample import ACTOR, KEY, Hold

BEGINNING = datetime(2025, 5, 5, 8, tzinfo=UTC)
TICK = timedelta(microseconds=1)


class Hands:
    """A clock that stands where it is put."""

    def __init__(self) -> None:
        self.now = BEGINNING

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
async def store(database_url: str, hands: Hands) -> AsyncIterator[EventStore]:
    await migrate(database_url, "sample")
    store = EventStore("sample", database_url, hands, KEY)
    await store.open()
    yield store
    await store.close()


async def passed(store: EventStore, gate: str, times: int = 1) -> None:
    def decide(turn: Turn) -> None:
        for _ in range(times):
            turn.get(Hold, gate).toggle(turn.moment)

    await store.execute(Command("pass-gate", Instruction(id=uuid4(), actor=ACTOR), decide, ((Hold, gate),)))


async def test_of_an_empty_log_every_moment_is_position_0(store: EventStore) -> None:
    for moment in (datetime(1, 1, 1, tzinfo=UTC), BEGINNING, datetime(9999, 12, 31, tzinfo=UTC)):
        assert await store.position_at(moment) == 0


@pytest.mark.parametrize("seed", range(3))
async def test_a_moment_comes_to_the_last_event_recorded_by_it(
    store: EventStore, hands: Hands, seed: int
) -> None:
    draw = random.Random(seed)
    for _ in range(60):
        # Some go back: recorded_at then stays where it was, so that several events share one moment.
        hands.now += timedelta(microseconds=draw.choice((0, 1, 2, 1000, -500)))
        await passed(store, f"g{draw.randrange(5)}", draw.choice((1, 1, 3)))
        records = await store.read(0, 500)
        if draw.random() < 0.2 or len(records) < 10:
            for moment in {record.recorded_at + shift * TICK for record in records for shift in (-1, 0, 1)}:
                counted = [record.position for record in records if record.recorded_at <= moment]
                assert await store.position_at(moment) == max(counted, default=0), moment


async def test_a_history_ends_where_it_is_asked_to(store: EventStore) -> None:
    for number in range(6):
        await passed(store, f"g{number % 2}")
    every = await store.history("hold.g0")
    assert [record.position for record in every] == [1, 3, 5]
    assert await store.history("hold.g0", upto=4) == every[:2]
    assert await store.history("hold.g0", upto=0) == []
    assert await store.history("hold.g0", 1, limit=1) == every[1:2]
    assert await store.history("hold.g0", 1, 4, 5) == every[1:2]


async def test_an_inbox_that_another_moved_is_seen_at_the_next_look(
    store: EventStore, database_url: str
) -> None:
    other = await asyncpg.connect(database_url, server_settings={"search_path": "sample"})
    taken_in = asyncio.create_task(store.taken_in("letters", 4))
    try:
        await other.execute("INSERT INTO inboxes (name, position, log_id) VALUES ('letters', 3, $1)", uuid4())
        await store.look()
        await asyncio.sleep(0)
        assert not taken_in.done()
        await other.execute("UPDATE inboxes SET position = 4")
        await store.look()
        await asyncio.wait_for(taken_in, 60)
        await store.taken_in("letters", 2)
    finally:
        taken_in.cancel()
        await other.close()
