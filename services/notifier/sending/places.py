"""Who may have a webhook under way: a few for each receiver, and a fair part of all for each owner."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from services.notifier.sending.fair import FairPlaces

AT_ONCE = 200
"""Connections together: there is an end to the files that a process may open."""
PART = 1 / 4
"""Of the free ones, as many may one owner hold: 40 where nobody else has any."""
AT_ONCE_EACH = 8
PART_EACH = 1.0
"""Of the free places at one receiver, as many may one owner hold: 4 where nobody else has any."""


class Places:
    """The places of all receivers, and all places together.

    A receiver that hangs keeps its place until the attempt has timed out. Shared fairly, the receivers of one
    owner keep only their own notifications waiting.
    """

    def __init__(self) -> None:
        self._all = FairPlaces(AT_ONCE, PART)
        self._receivers: dict[str, FairPlaces] = {}

    @asynccontextmanager
    async def place(self, url: str, owner: str) -> AsyncIterator[None]:
        """Wait for a place at the receiver of a URL (its host and port), and hold it."""
        name = urlsplit(url).netloc.lower()
        receiver = self._receivers.setdefault(name, FairPlaces(AT_ONCE_EACH, PART_EACH))
        try:
            async with receiver.place(owner), self._all.place(owner):
                yield
        finally:
            if receiver.unused and self._receivers.get(name) is receiver:
                del self._receivers[name]
