import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from functools import partial
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from faststream.nats import NatsBroker
from nats.aio.client import Client

from services.audit.filing.filing import Filing
from shared.domain.clock import system_clock
from shared.eventstore.migrate import migrate, migrations_in
from shared.eventstore.record import Record
from shared.eventstore.store import EventStore
from shared.messaging.connection import broker_for
from shared.messaging.inbox import Inbox
from shared.messaging.provision import provision_consumer, provision_stream
from shared.messaging.relay import Relay

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OWN = migrations_in("services.audit")

OpenAudit = Callable[[], Coroutine[Any, Any, EventStore]]


@pytest.fixture
async def open_audit(database_url: str) -> AsyncIterator[OpenAudit]:
    """Open audit's store; opened twice, they are two replicas."""
    stores: list[EventStore] = []
    await migrate(database_url, "audit", own=OWN)

    async def opened() -> EventStore:
        store = EventStore("audit", database_url, system_clock, KEY, OWN)
        await store.open()
        stores.append(store)
        return store

    yield opened
    for store in stores:
        await store.close()


@pytest.fixture
async def audit(open_audit: OpenAudit) -> EventStore:
    return await open_audit()


@pytest.fixture
async def letters(database_url: str) -> AsyncIterator[EventStore]:
    """A service whose events are filed."""
    await migrate(database_url, "letters")
    store = EventStore("letters", database_url, system_clock, KEY)
    await store.open()
    yield store
    await store.close()


@pytest.fixture
async def broker(nats_url: str) -> AsyncIterator[NatsBroker]:
    broker = broker_for(nats_url, "tests")
    yield broker
    await broker.stop()


class Filers:
    """A source whose events go through its stream into audit, by as many replicas as are begun."""

    def __init__(self, source: EventStore, broker: NatsBroker, nc: Client, url: str) -> None:
        self.source = source
        self._broker = broker
        self._nc = nc
        self._url = url
        provision = partial(provision_stream, nc, source.service, source.log_id)
        self.relay = Relay(source, nc, url, provision)
        self._tasks = [asyncio.create_task(self.relay.run())]

    def begin(self, audit: EventStore) -> tuple[Inbox, "asyncio.Task[None]"]:
        inbox = Inbox(
            audit,
            self._broker,
            self.source.service,
            Filing(audit, self.source.service),
            self._url,
            partial(provision_consumer, self._nc, "audit", self.source.service),
        )
        self._tasks.append(asyncio.create_task(inbox.run()))
        return inbox, self._tasks[-1]

    async def end(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@pytest.fixture
async def filers(letters: EventStore, broker: NatsBroker, database_url: str) -> AsyncIterator[Filers]:
    nc = await broker.connect()
    await provision_stream(nc, "letters", letters.log_id)
    made = Filers(letters, broker, nc, database_url)
    yield made
    await made.end()


async def every(store: EventStore) -> list[Record]:
    """The whole log of a store."""
    return await store.read(0, 1_000_000)
