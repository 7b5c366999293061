"""What the store notices of a database that was changed, put back or half lost under it."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest

from shared.domain.clock import system_clock
from shared.eventstore.errors import StoreUnavailable, UnusableStore
from shared.eventstore.log.leaf import leaf_of
from shared.eventstore.migrate import migrate
from shared.eventstore.store import EventStore
from tests.sample import KEY, Gate, Held, open_store, passing, toggling
from tests.verifying import check_log


@pytest.fixture
async def url(database_url: str) -> str:
    await migrate(database_url, "sample")
    return database_url


@pytest.fixture
async def owner(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(url, server_settings={"search_path": "sample"})
    for table in ("events", "checkpoints", "log_tiles", "answers"):
        await connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
    yield connection
    await connection.close()


@pytest.fixture
async def pair(url: str) -> AsyncIterator[tuple[EventStore, EventStore]]:
    stores = await open_store(url), await open_store(url)
    yield stores
    for store in stores:
        await store.close()


async def forge(owner: asyncpg.Connection, store: EventStore, position: int) -> None:
    """Change a row and its leaf, as an administrator can who knows the format."""
    record = await store.record_at(position)
    assert record is not None
    data = record.data.replace(b'"count":1', b'"count":9')
    content = (data, record.meta, record.sealed, record.previous)
    place = (record.stream, record.version, record.type, record.schema)
    leaf = leaf_of(store.log_id, position, *place, record.recorded_at, record.effective_at, *content)
    await owner.execute("UPDATE events SET data = $1, leaf = $2 WHERE position = $3", data, leaf, position)


async def test_a_refusal_after_catching_up_wakes_those_who_wait(pair: tuple[EventStore, EventStore]) -> None:
    one, other = pair
    waiting = asyncio.create_task(other.advanced(0))
    await asyncio.sleep(0)
    await one.execute(toggling("h", uuid4()))
    with pytest.raises(Held):
        await other.execute(passing("g", id=uuid4()))
    assert await asyncio.wait_for(waiting, 60) == 1


async def test_a_writer_refuses_a_row_that_was_changed_behind_it(
    pair: tuple[EventStore, EventStore], owner: asyncpg.Connection
) -> None:
    one, other = pair
    await one.execute(passing("g", id=uuid4()))
    await other.execute(passing("g2", id=uuid4()))
    await forge(owner, one, 1)
    with pytest.raises(StoreUnavailable):
        await one.execute(passing("g", id=uuid4()))
    assert one.failure is not None and "changed" in one.failure


async def test_a_note_that_the_service_did_not_sign_is_refused_at_the_start(
    url: str, owner: asyncpg.Connection
) -> None:
    store = await open_store(url)
    await store.execute(passing("g", id=uuid4()))
    await store.close()
    await owner.execute("UPDATE checkpoints SET note = replace(note, '— tanfidh', '— tanfidx')")
    with pytest.raises(UnusableStore, match="not signed"):
        await open_store(url)


async def test_another_history_of_the_same_length_is_not_continued(
    pair: tuple[EventStore, EventStore], owner: asyncpg.Connection, url: str
) -> None:
    one, _ = pair
    await one.execute(passing("g", id=uuid4()))
    await owner.execute("DELETE FROM events; DELETE FROM checkpoints")
    await owner.execute("UPDATE head SET turn = 0, position = 0, mark = gen_random_uuid()")
    third = await open_store(url)
    try:
        await third.execute(toggling("h", uuid4()))
    finally:
        await third.close()
    with pytest.raises(StoreUnavailable):
        await one.execute(passing("g", id=uuid4()))
    assert one.failure is not None and "replaced" in one.failure


async def test_a_snapshot_that_cannot_be_read_is_left_out(
    pair: tuple[EventStore, EventStore], owner: asyncpg.Connection
) -> None:
    one, other = pair
    await asyncio.gather(*(one.execute(passing("g", id=uuid4())) for _ in range(250)))
    await one.snapshots_written()
    assert await owner.execute("UPDATE snapshots SET state = 'not json'") == "UPDATE 1"
    assert (await other.execute(passing("g", id=uuid4()))).value == {"passed": 251}
    assert (await other.load(Gate, "g")).passed == 251


async def test_the_cache_keeps_within_its_bound_under_steady_load(url: str) -> None:
    store = EventStore("sample", url, system_clock, KEY, cached=20)
    await store.open()

    async def work(name: int) -> None:
        for number in range(30):
            await store.execute(passing(f"g{name}-{number % 15}", id=uuid4()))

    await asyncio.gather(*(work(name) for name in range(16)))
    assert len(store._writer._cache._entries) <= 20 + 2 * 16
    assert len(await check_log(store)) == 480
    await store.close()


async def test_a_database_that_takes_no_writes_is_waited_for_slowly(
    url: str, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.eventstore.writer.PATIENCE", 0.5)
    store = await open_store(url)
    name = url.rpartition("/")[2]
    await owner.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    store._writer._line.committing.terminate()
    with pytest.raises(StoreUnavailable):
        await store.execute(passing("g", id=uuid4()))
    assert store._writer._line.failures < 10
    await owner.execute("SET default_transaction_read_only = off")
    await owner.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")
    assert (await store.execute(passing("g", id=uuid4()))).events == 1
    assert store._writer._line.failures == 0
    await store.close()
