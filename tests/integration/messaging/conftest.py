import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from faststream.nats import NatsBroker
from nats.aio.client import Client

from shared.domain.clock import system_clock
from shared.eventstore.migrate import migrate
from shared.eventstore.store import EventStore
from shared.messaging.connection import broker_for

OpenStore = Callable[..., Coroutine[Any, Any, EventStore]]
Begin = Callable[[Coroutine[Any, Any, None]], "asyncio.Task[None]"]


@pytest.fixture
async def open_store(database_url: str) -> AsyncIterator[OpenStore]:
    """Open the store of a service; opened twice, they are two replicas."""
    stores: list[EventStore] = []
    key = Ed25519PrivateKey.generate()

    async def opened(service: str, url: str = database_url, log_id: UUID | None = None) -> EventStore:
        await migrate(url, service, log_id)
        store = EventStore(service, url, system_clock, key)
        await store.open()
        stores.append(store)
        return store

    yield opened
    for store in stores:
        await store.close()


@pytest.fixture
async def broker(nats_url: str) -> AsyncIterator[NatsBroker]:
    broker = broker_for(nats_url, "tests")
    yield broker
    await broker.stop()


@pytest.fixture
async def nc(broker: NatsBroker) -> Client:
    return await broker.connect()


@pytest.fixture
async def begin() -> AsyncIterator[Begin]:
    """Run something in the background until the test ends or its task is cancelled."""
    tasks: list[asyncio.Task[None]] = []

    def started(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        tasks.append(asyncio.create_task(work))
        return tasks[-1]

    yield started
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
