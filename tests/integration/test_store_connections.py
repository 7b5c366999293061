"""What the store's connections cost, and what they leave behind, on a real PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import asyncpg
import pytest

from shared.eventstore.connection import PooledConnection
from shared.eventstore.migrate import migrate
from shared.eventstore.store import EventStore
from tests.sample import open_store


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[EventStore]:
    await migrate(database_url, "sample")
    store = await open_store(database_url)
    yield store
    await store.close()


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Any]:
    """A pool of the store's connections, of which there is one."""
    async with asyncpg.create_pool(
        database_url, min_size=1, max_size=1, connection_class=PooledConnection
    ) as pool:
        yield pool


async def test_a_read_is_one_round_trip(pool: Any) -> None:
    asked: list[str] = []
    async with pool.acquire() as connection:
        connection.add_query_logger(lambda query: asked.append(query.query))
    assert await pool.fetchval("SELECT 1") == 1
    assert asked == ["SELECT 1"]


async def test_a_session_that_was_lent_comes_back_as_it_was(pool: Any) -> None:
    async with pool.acquire() as connection:
        connection.lend_session()
        await connection.execute("SET synchronous_commit = off")
        await connection.execute("SELECT pg_advisory_lock(298)")
    assert await pool.fetchval("SHOW synchronous_commit") == "on"
    assert await pool.fetchval("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == 0


async def test_a_transaction_that_is_left_open_is_rolled_back(pool: Any) -> None:
    async with pool.acquire() as connection:
        await connection.execute("BEGIN; CREATE TABLE left_behind ()")
    assert await pool.fetchval("SELECT to_regclass('left_behind')") is None


async def fails_on_an_argument(pool: Any) -> None:
    with pytest.raises(asyncpg.DataError):
        await pool.fetchval("SELECT $1::int", "a mission")


async def is_cancelled_once_prepared(pool: Any) -> None:
    """Cancel a read that was told that its statement is prepared, before it can have it executed."""
    reading: Any = asyncio.create_task(pool.fetchval("SELECT count(*) FROM pg_class"))
    while not reading.done() and not (reading._fut_waiter and reading._fut_waiter.done()):
        await asyncio.sleep(0)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading


@pytest.mark.parametrize("broken_off", [fails_on_an_argument, is_cancelled_once_prepared])
async def test_a_read_that_breaks_off_leaves_no_transaction_to_the_next(
    pool: Any, broken_off: Callable[[Any], Awaitable[None]]
) -> None:
    await broken_off(pool)
    async with pool.acquire() as connection, connection.transaction(isolation="repeatable_read"):
        assert await connection.fetchval("SELECT 1") == 1


async def test_the_store_has_such_connections(store: EventStore) -> None:
    async with store.pool.acquire() as connection:
        connection.lend_session()
