"""Two services and their stores, of which one copies what the other publishes."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from faststream.nats import NatsBroker
from nats.aio.client import Client

from shared.eventstore.store import EventStore
from shared.messaging.inbox import Inbox
from shared.messaging.provision import provision_consumer, provision_stream
from shared.messaging.reacting import Reacting
from shared.messaging.relay import Relay
from tests.integration.messaging.conftest import Begin, OpenStore
from tests.integration.messaging.sample import CopiesParked, causes, copy


async def within(seconds: float, work: Any) -> Any:
    return await asyncio.wait_for(work, seconds)


class Pair:
    """Letters with their relay, and copies with an inbox that can be started and stopped."""

    def __init__(
        self, letters: EventStore, copies: EventStore, broker: NatsBroker, nc: Client, url: str, begin: Begin
    ) -> None:
        self.letters = letters
        self.copies = copies
        self.broker = broker
        self.nc = nc
        self._url = url
        self._begin = begin
        self.relay = Relay(letters, nc, url, lambda: provision_stream(nc, "letters", letters.log_id))
        self.publishing = begin(self.relay.run())
        self.reading: list[asyncio.Task[None]] = []

    def inbox(self, react: Any = copy, provisions: bool = True, broker: NatsBroker | None = None) -> Inbox:
        made = Inbox(
            self.copies,
            broker or self.broker,
            "letters",
            Reacting(react, self.copies, "letters", CopiesParked),
            self._url,
            (lambda: provision_consumer(self.nc, "copies", "letters")) if provisions else None,
        )
        self.reading.append(self._begin(made.run()))
        return made

    async def stop_reading(self) -> None:
        for task in self.reading:
            task.cancel()
        await asyncio.wait(self.reading)
        self.reading.clear()

    async def assert_copied_once(self, *, streams: int = 1) -> None:
        """Everything written was copied once, in order, and nothing else was."""
        letters = [r for r in await self.letters.read(0, 10_000) if r.type == "letters.letter.written"]
        copies = await self.copies.read(0, 10_000)
        assert causes(copies) == [r.event_id for r in letters]
        assert len({r.stream for r in copies}) == streams


@pytest.fixture
async def pair(
    open_store: OpenStore, broker: NatsBroker, nc: Client, database_url: str, begin: Begin
) -> AsyncIterator[Pair]:
    letters, copies = await open_store("letters"), await open_store("copies")
    await provision_stream(nc, "letters", letters.log_id)
    yield Pair(letters, copies, broker, nc, database_url, begin)
