"""Two processes' stores on one log: whoever was overtaken takes turns, and nothing is lost by it."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest

from shared.eventstore import turns
from shared.eventstore.migrate import migrate
from shared.eventstore.store import EventStore
from tests.faults.processes import until
from tests.sample import open_store, passing

BUSY = 40
"""Clients of each store, each with one command after the other."""
EACH = 40
GATES = 5

HELD = """
    SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ExclusiveLock' AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND pid IN (SELECT pid FROM pg_stat_activity WHERE application_name = 'tanfidh sample')
"""


@pytest.fixture
async def stores(database_url: str) -> AsyncIterator[list[EventStore]]:
    await migrate(database_url, "sample")
    opened = [await open_store(database_url) for _ in range(2)]
    yield opened
    for store in opened:
        await store.close()


async def busy(store: EventStore, name: str) -> list[int]:
    """Keep a store busy; every client passes gates of its store, and one that all pass."""

    async def client(number: int) -> list[int]:
        passed = []
        for turn in range(EACH):
            gate = "shared" if turn % 8 == 0 else f"{name}-{number % GATES}"
            outcome = await store.execute(passing(gate, id=uuid4()))
            passed.append(outcome.value["passed"] if gate == "shared" else 0)
        return passed

    return [count for passed in await asyncio.gather(*map(client, range(BUSY))) for count in passed if count]


def overtaken(store: EventStore) -> int:
    return store.metering._overtaken


async def test_both_get_through_and_decide_little_in_vain(stores: list[EventStore]) -> None:
    counts = await asyncio.gather(*(busy(store, f"s{n}") for n, store in enumerate(stores)))
    assert sorted(counts[0] + counts[1]) == list(range(1, 2 * BUSY * EACH // 8 + 1))
    events = await stores[0].pool.fetchval("SELECT count(*) FROM events")
    turn = await stores[0].pool.fetchval("SELECT turn FROM head")
    assert events == 2 * BUSY * EACH
    assert 0 < sum(map(overtaken, stores)) < turn / 3

    async def none_held() -> bool:
        return not await stores[0].pool.fetchval(HELD)

    await until(none_held)


async def test_whoever_hangs_in_its_turn_holds_nobody_up(
    stores: list[EventStore], database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging = await asyncpg.connect(database_url, server_settings={"search_path": "sample"})
    await hanging.execute(turns._TAKE)
    monkeypatch.setattr(turns, "WITHOUT", 3600.0)
    waited = 0
    for store in stores:
        store._writer._turns.overtaken()
    for number in range(10):
        waited += sum(store._writer._turns.wanted for store in stores)
        await stores[number % 2].execute(passing("g", id=uuid4()))
    assert waited == 3, "each waits once, and not again"
    await hanging.close()


async def test_a_turn_is_waited_for_and_handed_on(stores: list[EventStore], database_url: str) -> None:
    other = await asyncpg.connect(database_url, server_settings={"search_path": "sample"})
    await other.execute(turns._TAKE)
    stores[0]._writer._turns.overtaken()
    waiting = asyncio.create_task(stores[0].execute(passing("g", id=uuid4())))

    async def queued() -> bool:
        statement = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        return bool(await other.fetchval(statement))

    await until(queued)
    assert not waiting.done()
    await other.execute(turns._HAND_OVER)
    assert (await waiting).value == {"passed": 1}
    await other.close()
