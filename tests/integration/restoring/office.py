"""Two services that can be started, stopped, backed up and restored: letters, and their copies."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import asyncpg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from nats.aio.client import Client

from deploy.restoring.plan import ServicePlan, examine
from deploy.restoring.quiet import claim
from deploy.restoring.steps import carry_out
from shared.domain.clock import system_clock
from shared.eventstore.record import Record
from shared.eventstore.store import EventStore
from shared.eventstore.stored import StoredLog
from shared.messaging.connection import broker_for
from shared.messaging.ending import end
from shared.messaging.inbox import Inbox
from shared.messaging.jetstream import ask
from shared.messaging.provision import provision_consumer, provision_stream
from shared.messaging.reacting import Reacting
from shared.messaging.received import Received
from shared.messaging.relay import Relay
from shared.messaging.tail import message_at
from shared.projections import View, Views
from tests.integration.messaging.sample import CopiesParked, LetterWritten, copy, write
from tests.integration.restoring.backups import back_up, put_back

READS = {"letters": (), "copies": ("letters",)}
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


class Texts(View):
    name: ClassVar[str] = "texts"

    def keys(self, record: Record) -> Iterable[str]:
        return [record.id]

    def fold(self, key: str, doc: dict[str, Any] | None, record: Record) -> dict[str, Any]:
        texts = doc["texts"] if doc is not None else []
        written = [record.event.text] if isinstance(record.event, LetterWritten) else []
        return {"texts": [*texts, *written]}


@dataclass
class Running:
    """Both services at work."""

    letters: EventStore
    copies: EventStore
    views: Views
    relay: Relay
    copied: Relay
    inbox: Inbox
    nc: Client

    async def settled(self) -> None:
        """Wait until everything is published, taken in and folded."""
        async with asyncio.timeout(60):
            await self.relay.progress.reached(self.letters.head)
            await self.inbox.progress.reached(self.letters.head)
            await self.copied.progress.reached(self.copies.head)
        assert await self.views.wait_for(self.letters.head, 60)

    async def texts(self) -> list[str]:
        return [record.event.text for record in await self.copies.read(0, 1000)]  # type: ignore[attr-defined]  # only copies are made there

    async def published(self, service: str) -> list[Received]:
        state = (await ask(self.nc, f"STREAM.INFO.EVT_{service.upper()}"))["state"]
        numbers = range(state["first_seq"], state["last_seq"] + 1)
        return [await message_at(self.nc, service, number) for number in numbers]


@dataclass
class Office:
    """Where the two services live; they can be started, stopped, backed up and restored."""

    database: str
    nats: str
    folder: Path

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Running]:
        broker = broker_for(self.nats, "office")
        nc = await broker.connect()
        stores = [EventStore(service, self.database, system_clock, KEY) for service in READS]
        for store in stores:
            await store.open()
        letters, copies = stores
        views = Views(letters, [Texts()])
        await views.open()
        relays = [
            Relay(store, nc, self.database, partial(provision_stream, nc, store.service, store.log_id))
            for store in stores
        ]
        consumer = partial(provision_consumer, nc, "copies", "letters")
        inbox = Inbox(
            copies,
            broker,
            "letters",
            Reacting(copy, copies, "letters", CopiesParked),
            self.database,
            consumer,
        )
        work = [asyncio.create_task(job) for job in (views.run(), inbox.run(), *(r.run() for r in relays))]
        try:
            yield Running(letters, copies, views, *relays, inbox, nc)
        finally:
            await end(*work)
            for store in stores:
                await store.close()
            await broker.stop()

    async def at_work(self, *texts: str) -> None:
        """Start, write letters, let them be copied, stop."""
        async with self.running() as running:
            await running.settled()
            for text in texts:
                await write(running.letters, text)
            await running.settled()

    @asynccontextmanager
    async def stopped(self) -> AsyncIterator[tuple[Client, dict[str, StoredLog]]]:
        broker = broker_for(self.nats, "restore")
        logs = {service: await StoredLog.open(service, self.database) for service in READS}
        try:
            await claim(logs["letters"].connection, READS)
            yield await broker.connect(), logs
        finally:
            for log in logs.values():
                await log.close()
            await broker.stop()

    async def restore(
        self, tell: Callable[[str], None] = lambda _: None
    ) -> tuple[list[ServicePlan], list[Path]]:
        async with self.stopped() as (nc, logs):
            plans = await examine(nc, logs, READS)
            return plans, await carry_out(nc, plans, READS, self.folder, tell)

    async def examined(self) -> dict[str, ServicePlan]:
        async with self.stopped() as (nc, logs):
            return {plan.service: plan for plan in await examine(nc, logs, READS)}

    def backup(self, service: str, name: str = "backup") -> Path:
        file = self.folder / f"{service}-{name}.dump"
        back_up(self.database, service, file)
        return file

    async def put_back(self, service: str, file: Path) -> None:
        await put_back(self.database, service, file)

    async def wipe(self) -> None:
        """Delete both streams, as if NATS had lost its data."""
        broker = broker_for(self.nats, "wipe")
        for service in READS:
            await ask(await broker.connect(), f"STREAM.DELETE.EVT_{service.upper()}")
        await broker.stop()

    async def rows(self, query: str) -> list[tuple[Any, ...]]:
        connection = await asyncpg.connect(self.database)
        try:
            return [tuple(row) for row in await connection.fetch(query)]
        finally:
            await connection.close()

    async def standing(self) -> list[tuple[Any, ...]]:
        """Everything that a restore may change in the database."""
        return [
            *await self.rows("SELECT * FROM letters.head"),
            *await self.rows("SELECT * FROM letters.logs ORDER BY first, log_id"),
            *await self.rows("SELECT * FROM copies.head"),
            *await self.rows("SELECT * FROM copies.logs ORDER BY first, log_id"),
            *await self.rows("SELECT * FROM copies.inboxes"),
        ]
