"""Acts that go on side by side, as many as are allowed at once, each begun in its turn."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from shared.messaging.ending import end
from shared.messaging.outage import OUTAGE

T = TypeVar("T")


class Acts:
    """Begins one act after the other and notes what failed; `outage` apart: then it is no use to go on."""

    def __init__(self, at_once: int) -> None:
        self.outage: BaseException | None = None
        self.failure: BaseException | None = None
        self._free = asyncio.Semaphore(at_once)
        self._running: set[asyncio.Task[None]] = set()

    async def begin(self, act: Callable[[T], Awaitable[None]], subject: T) -> None:
        """Begin an act once there is room; it is in its turn, whenever those before it end."""
        await self._free.acquire()
        task = asyncio.ensure_future(act(subject))
        self._running.add(task)
        task.add_done_callback(self._ended)

    async def ended(self) -> None:
        """Wait for all that were begun; raise the outage, or else the first failure, that was among them."""
        if self._running:
            await asyncio.wait(self._running)
        if self.outage is not None:
            raise self.outage
        if self.failure is not None:
            raise self.failure

    async def give_up(self) -> None:
        """Cancel what is still under way."""
        await end(*self._running)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._running.discard(task)
        self._free.release()
        error = None if task.cancelled() else task.exception()
        if isinstance(error, OUTAGE):
            self.outage = self.outage or error
        else:
            self.failure = self.failure or error
