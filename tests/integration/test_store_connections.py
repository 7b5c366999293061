"""What the store's connections cost, and what they leave behind, on a real PostgreSQL."""

from collections.abc import AsyncIterator
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


async def test_the_store_has_such_connections(store: EventStore) -> None:
    async with store.pool.acquire() as connection:
        connection.lend_session()
