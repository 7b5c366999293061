"""Two services and their stores, of which one takes in the other's letters and parks what it cannot."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from faststream.nats import NatsBroker
from nats.aio.client import Client

from shared.contracts.event import Event
from shared.contracts.text import Text
from shared.domain import Aggregate, Conflicting
from shared.domain.clock import system_clock
from shared.eventstore.command import Command, Instruction, Turn
from shared.eventstore.migrate import migrate
from shared.eventstore.store import EventStore
from shared.messaging.inbox import Inbox
from shared.messaging.intake import ClockAndGate
from shared.messaging.parking.by_stream import StrandsOf, by_stream
from shared.messaging.provision import provision_consumer, provision_stream
from shared.messaging.reacting import Reacting
from shared.messaging.received import Received
from shared.messaging.relay import Relay
from shared.service.gate import Gate
from shared.service.parked_desk import ParkedDesk
from tests.integration.messaging.conftest import Begin
from tests.integration.messaging.sample import (
    CLERK,
    CopiesParked,
    Copy,
    copy,
)
from tests.virtual_time import VirtualTime

LIMIT = 30.0
"""Seconds that a signal may take on a loaded machine."""

WHY = Text(en="The letter was burnt.", ar="احترقت الرسالة.")


class Missing(Conflicting):
    slug = "missing"


class Post:
    """Letters with their relay, and copies whose readers begin and end; time stands until it is moved.

    A letter that says ``needs x`` can be copied only once the copy ``x`` exists; one that says ``illegible``
    only while `legible` is set.
    """

    def __init__(
        self, letters: EventStore, copies: EventStore, time: VirtualTime, broker: NatsBroker, nc: Client,
        url: str, begin: Begin,
    ) -> None:  # fmt: skip
        self.letters, self.copies, self.time = letters, copies, time
        self.broker, self.nc, self.url, self._begin = broker, nc, url, begin
        self.desk = ParkedDesk(copies, ("letters",), CopiesParked)
        self.legible = False
        self.strands_of: StrandsOf = by_stream
        self.gate = Gate()
        self.relay = Relay(letters, nc, url, lambda: provision_stream(nc, "letters", letters.log_id))
        begin(self.relay.run())
        self.reading: list[asyncio.Task[None]] = []
        self.inbox = self.read()

    def read(self) -> Inbox:
        """Begin to read."""
        self.inbox = Inbox(
            self.copies,
            self.broker,
            "letters",
            Reacting(self.react, self.copies, "letters", CopiesParked, strands_of=self.strands_of),
            self.url,
            lambda: provision_consumer(self.nc, "copies", "letters"),
            ClockAndGate(self.time, self.gate),
        )
        self.reading.append(self._begin(self.inbox.run()))
        return self.inbox

    async def stop(self) -> None:
        """End the reader as a stopped process does: whatever is under way stops anywhere."""
        self.reading[-1].cancel()
        await asyncio.wait(self.reading)

    def react(self, received: Received) -> Command[Any] | None:
        command = copy(received)
        if command is None:
            return None
        text: str = received.event.text  # type: ignore[attr-defined]  # of a letter
        if text == "illegible" and self.legible:
            return Command(command.name, command.by, making(received.id, "legible"), command.reads)
        if text.startswith("needs "):
            needed = text.removeprefix("needs ")
            reads: tuple[tuple[type[Aggregate], str], ...] = ((Copy, received.id), (Copy, needed))
            return Command(command.name, command.by, needing(received.id, needed, text), reads)
        return command

    async def taken_in(self, position: int) -> None:
        async with asyncio.timeout(LIMIT):
            await self.copies.taken_in("letters", position)

    async def told(self, kind: type[Event], number: int = 1) -> list[Any]:
        """Wait until copies has told so many events of a kind; return them."""
        async with asyncio.timeout(LIMIT):
            head = 0
            while True:
                found = [r.event for r in await self.copies.read(0, 10_000) if isinstance(r.event, kind)]
                if len(found) >= number:
                    return found
                head = await self.copies.advanced(max(head, self.copies.head))

    async def rows(self) -> list[tuple[int, int]]:
        """Positions that are parked, each with its attempts."""
        rows = await self.copies.pool.fetch("SELECT position, attempts FROM inbox_parked ORDER BY position")
        return [(row["position"], row["attempts"]) for row in rows]

    async def attempted(self, position: int, attempts: int) -> None:
        """Wait until so many attempts of a parked event are noted."""
        async with asyncio.timeout(LIMIT):
            while (position, attempts) not in await self.rows():
                """Each look asks PostgreSQL, so that the reader gets its turn."""

    async def rest(self) -> None:
        """Wait until nothing that is parked is to be tried now."""
        async with asyncio.timeout(LIMIT):
            while not (self.inbox.active and self.inbox.at_rest and self.copies.idle):
                await self.rows()


def making(id: str, text: str) -> Any:
    return lambda turn: turn.get(Copy, id).make(text, turn.moment)


def needing(id: str, needed: str, text: str) -> Any:
    def decide(turn: Turn) -> None:
        made, other = turn.get(Copy, id), turn.get(Copy, needed)
        if not other.exists:
            raise Missing()
        made.make(text, turn.moment)

    return decide


def by() -> Instruction:
    return Instruction(id=uuid4(), actor=CLERK)


@pytest.fixture
async def post(database_url: str, broker: NatsBroker, nc: Client, begin: Begin) -> AsyncIterator[Post]:
    time, key = VirtualTime(system_clock()), Ed25519PrivateKey.generate()
    stores = []
    for service in ("letters", "copies"):
        await migrate(database_url, service)
        stores.append(EventStore(service, database_url, time, key))
        await stores[-1].open()
    await provision_stream(nc, "letters", stores[0].log_id)
    yield Post(*stores, time, broker, nc, database_url, begin)
    for store in stores:
        await store.close()
