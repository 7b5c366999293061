"""The service `tasks` without its frame, on a virtual clock: store, views and sweeper."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid5

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.tasks.sweeping import Sweeping
from services.tasks.views import DeadlinesView, every_view
from shared.eventstore.command import Command, Instruction, Outcome, Turn
from shared.eventstore.store import EventStore
from shared.projections import Views
from shared.service.sweeper import Sweeper
from tests.unit.tasks.given import ADMIN
from tests.virtual_time import VirtualTime

Decision = Callable[[Turn], Any]


class Clocked:
    """What a service is made of, as far as deadlines need it."""

    def __init__(self, store: EventStore, url: str, time: VirtualTime) -> None:
        self.store = store
        self.views = Views(store, every_view())
        act = Sweeping(store).act
        self.sweeper = Sweeper(store, self.views, DeadlinesView.name, act, time, url)

    async def decide(self, name: str, decision: Decision) -> Outcome[Any]:
        instruction = Instruction(id=uuid5(UUID(int=0), name), actor=ADMIN)
        return await self.store.execute(Command(name, instruction, decision))

    async def at_rest(self, within: float = 30) -> None:
        """Wait until nothing is due."""
        async with asyncio.timeout(within):
            while not self.sweeper.at_rest:
                await asyncio.sleep(0.005)

    async def folded(self) -> None:
        assert await self.views.wait_for(self.store.head, timeout=180), self.views.alarm


@asynccontextmanager
async def clocked(
    url: str, time: VirtualTime, key: Ed25519PrivateKey, *, sweeping: bool
) -> AsyncIterator[Clocked]:
    """Open it, with or without its sweeper at work; close it at the end."""
    store = EventStore("tasks", url, time, key)
    await store.open()
    service = Clocked(store, url, time)
    await service.views.open()
    running = [service.views.run(), *([service.sweeper.run()] if sweeping else [])]
    jobs = [asyncio.create_task(job) for job in running]
    try:
        yield service
    finally:
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)
        await store.close()
