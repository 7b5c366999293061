"""Lanes: work that waits for others of its own lane only."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

import structlog

from services.notifier.sending.agenda import Waiting
from shared.messaging.ending import end

log = structlog.get_logger()

Work = Callable[[Waiting], Awaitable[None]]


class Lanes:
    """Does work in lanes, in order and a few at once in each; a slow lane holds back no other.

    What is added again while it is in hand is done again afterwards, never twice at the same time.

    Args:
        work: what to do. One that raises is left undone until its service starts again.
        width: how much of a lane is under way together, at most.
    """

    def __init__(self, work: Work, width: int) -> None:
        self._work = work
        self._width = width
        self._waiting: dict[str, deque[Waiting]] = {}
        self._running: dict[str, int] = {}
        self._in_hand: set[str] = set()
        self._again: dict[str, Waiting] = {}
        self._workers: set[asyncio.Task[None]] = set()

    @property
    def empty(self) -> bool:
        """Whether nothing waits and nothing is under way."""
        return not self._in_hand

    def add(self, waiting: Waiting) -> None:
        """Have a notification sent in the lane of its subscription; return at once."""
        if waiting.notification in self._in_hand:
            self._again[waiting.notification] = waiting
            return
        lane = waiting.subscription
        self._in_hand.add(waiting.notification)
        self._waiting.setdefault(lane, deque()).append(waiting)
        if self._running.get(lane, 0) < self._width:
            self._running[lane] = self._running.get(lane, 0) + 1
            worker = asyncio.create_task(self._drain(lane))
            self._workers.add(worker)
            worker.add_done_callback(self._workers.discard)

    async def close(self) -> None:
        """Break off what is under way, and forget what waits."""
        await end(*self._workers)
        self._waiting.clear()
        self._in_hand.clear()
        self._again.clear()

    async def _drain(self, lane: str) -> None:
        try:
            while queue := self._waiting.get(lane):
                waiting = queue.popleft()
                try:
                    await self._work(waiting)
                except Exception:  # a defect; what waits behind it is not to pay for it
                    log.exception("sending.failed", **waiting.about)
                finally:
                    self._in_hand.discard(waiting.notification)
                if (again := self._again.pop(waiting.notification, None)) is not None:
                    self.add(again)
        finally:
            self._running[lane] -= 1
            if not self._running[lane]:
                del self._running[lane]
                self._waiting.pop(lane, None)
