"""Places that are shared fairly: whoever takes many leaves some to others."""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class FairPlaces:
    """A number of places; one may hold no more than a part of as many as are free.

    What few take, others do not miss: of 200 places with a part of a quarter one alone gets 40, the next 32,
    and it takes twenty who give nothing back to fill them all. Whoever comes then is let in before those who
    hold more.

    Args:
        number: of places.
        part: of the free places that one may hold.
    """

    def __init__(self, number: int, part: float) -> None:
        self._free = number
        self._part = part
        self._held: Counter[str] = Counter()
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}

    @property
    def unused(self) -> bool:
        """Whether nobody holds a place or waits for one."""
        return not self._held and not self._waiting

    @asynccontextmanager
    async def place(self, who: str) -> AsyncIterator[None]:
        """Wait for a place, and hold it."""
        await self.take(who)
        try:
            yield
        finally:
            self.give_back(who)

    async def take(self, who: str) -> None:
        """Wait for a place; to be given back."""
        if who not in self._waiting and self._may_take(who):
            self._grant(who)
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(who, deque()).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.cancelled():
                self._withdraw(who, turn)
            else:
                self.give_back(who)
            raise

    def give_back(self, who: str) -> None:
        """Let go of a place: those who wait and hold the fewest are let in first."""
        self._free += 1
        self._held[who] -= 1
        if not self._held[who]:
            del self._held[who]
        while entitled := [one for one in self._waiting if self._may_take(one)]:
            self._let_in(min(entitled, key=self._held.__getitem__))

    def _may_take(self, who: str) -> bool:
        return self._free > 0 and self._held[who] < max(1.0, self._free * self._part)

    def _grant(self, who: str) -> None:
        self._free -= 1
        self._held[who] += 1

    def _let_in(self, who: str) -> None:
        turn = self._waiting[who][0]
        self._withdraw(who, turn)
        if not turn.done():
            self._grant(who)
            turn.set_result(None)

    def _withdraw(self, who: str, turn: "asyncio.Future[None]") -> None:
        queue = self._waiting.get(who)
        if queue is not None and turn in queue:
            queue.remove(turn)
            if not queue:
                del self._waiting[who]
