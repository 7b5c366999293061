"""The virtual clock: it stands still until it is moved, and knows what is awaited next."""

import asyncio
import heapq
from datetime import datetime


class SkippedMoment(Exception):
    """The clock was to be moved back, or over a moment for which somebody waits."""

    def __init__(self, now: datetime, to: datetime, awaited: datetime | None) -> None:
        why = f"{awaited.isoformat()} is awaited before" if awaited is not None else "time runs forward only"
        super().__init__(f"The clock at {now.isoformat()} cannot be moved to {to.isoformat()}: {why}.")


class VirtualTime:
    """A clock that can be awaited, as `shared.domain.clock.Time` has it; aware moments in UTC.

    It belongs to one event loop.
    """

    def __init__(self, begins: datetime) -> None:
        self._now = begins
        self._awaited: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._number = 0

    def __call__(self) -> datetime:
        """Return the present moment."""
        return self._now

    async def reached(self, moment: datetime) -> None:
        """Wait until the present moment is not before another; return at once where it is so already."""
        while self._now < moment:
            future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._number += 1
            heapq.heappush(self._awaited, (moment, self._number, future))
            await future

    @property
    def next_awaited(self) -> datetime | None:
        """The earliest moment that somebody still waits for."""
        while self._awaited and self._awaited[0][2].done():
            heapq.heappop(self._awaited)
        return self._awaited[0][0] if self._awaited else None

    def advance(self, to: datetime) -> None:
        """Move the clock and wake everybody whose moment has come.

        Raises:
            SkippedMoment: that is back in time, or beyond a moment that is awaited.
        """
        awaited = self.next_awaited
        if to < self._now:
            raise SkippedMoment(self._now, to, None)
        if awaited is not None and awaited < to:
            raise SkippedMoment(self._now, to, awaited)
        self._now = to
        while self._awaited and self._awaited[0][0] <= to:
            _, _, future = heapq.heappop(self._awaited)
            if not future.done():
                future.set_result(None)
