"""Reading ahead: whoever goes through the log page by page finds the next page there when it asks."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

Fetch = Callable[[int, int], Awaitable[Sequence[Any]]]
"""Fetches the rows after a position, at most so many."""

KEPT = 4
"""Pages that wait to be asked for, at most, and readers whose place is remembered."""


class ReadAhead:
    """Fetches pages of the log, and the page after one that followed another.

    Positions have no gaps and rows never change; so where the next page begins is known beforehand, and a
    page that is full stays as it is. PostgreSQL reads it while the one before is dealt with.
    """

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._ahead: OrderedDict[tuple[int, int], asyncio.Future[Sequence[Any]]] = OrderedDict()
        self._ends: OrderedDict[int, None] = OrderedDict()

    async def read(self, after: int, limit: int, head: int) -> Sequence[Any]:
        """Return the rows after a position, at most `limit`; `head` is the last position there is."""
        page = self._ahead.pop((after, limit), None)
        waited_for = page is not None
        if page is None:
            page = asyncio.ensure_future(self._fetch(after, limit))
        if self._goes_on(after, limit) and after + 2 * limit <= head:
            self._begin(after + limit, limit)
            await asyncio.sleep(0)  # it is asked for before this page is dealt with
        try:
            return await page
        except Exception:
            if not waited_for:
                raise
            return await self._fetch(after, limit)  # it failed in the past, before anybody wanted it

    async def close(self) -> None:
        """Let go of what nobody asked for."""
        left = list(self._ahead.values())
        self._ahead.clear()
        for page in left:
            page.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def _goes_on(self, after: int, limit: int) -> bool:
        """Whether a reader goes on where a page ended; remember where this one ends."""
        follows = after in self._ends
        self._ends.pop(after, None)
        self._ends[after + limit] = None
        if len(self._ends) > KEPT:
            self._ends.popitem(last=False)
        return follows

    def _begin(self, after: int, limit: int) -> None:
        if (after, limit) in self._ahead:
            return
        page = self._ahead[after, limit] = asyncio.ensure_future(self._fetch(after, limit))
        page.add_done_callback(_noticed)
        if len(self._ahead) > KEPT:
            self._ahead.popitem(last=False)[1].cancel()


def _noticed(page: "asyncio.Future[Sequence[Any]]") -> None:
    """Look at how it ended, so that asyncio does not complain of a failure that nobody asked for."""
    if not page.cancelled():
        page.exception()
