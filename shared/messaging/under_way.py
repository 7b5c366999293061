"""Batches that were sent and are not known to be stored yet: the next need not wait for them."""

import asyncio
from collections import deque
from datetime import datetime

from shared.messaging.publisher import MAX_BATCH, Batch, Publisher

MOST = 3
"""Batches that wait for their acknowledgement, at most; so many fit into what the client holds unsent."""

BEHIND = MOST * MAX_BATCH
"""Events that may be stored behind a message of somebody else before that is noticed."""


class UnderWay:
    """Sends batches one after the other, and tells in the same order which are stored.

    Each event has its place in the stream, and is stored there or nowhere (decision 0042). So what was sent
    behind a batch that is refused can do no harm: it is refused too, or stands where it belongs.
    """

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher
        self._room = asyncio.Semaphore(MOST)
        self._batches: deque[Batch] = deque()
        self._sent = asyncio.Event()

    @property
    def oldest(self) -> datetime | None:
        """When the first event was recorded that is under way; None where none is."""
        return self._batches[0].oldest if self._batches else None

    async def send(self, batch: Batch) -> None:
        """Send as soon as fewer than `MOST` are under way."""
        await self._room.acquire()
        await self._publisher.send(batch)
        self._batches.append(batch)
        self._sent.set()

    async def stored(self) -> Batch:
        """Wait for the next batch to be stored; raise NotAccepted where it was not, or nobody can know."""
        while not self._batches:
            self._sent.clear()
            await self._sent.wait()
        await self._publisher.accepted(self._batches[0])
        self._room.release()
        return self._batches.popleft()
