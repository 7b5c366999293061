"""What an engine's outage looks like, and how long to wait before trying again."""

import asyncio

import asyncpg
import nats.errors

from shared.eventstore.errors import StoreUnavailable
from shared.eventstore.line import AWAY

DATABASE_OUTAGE = (*AWAY, StoreUnavailable, asyncpg.InterfaceError)
"""PostgreSQL is away, or does not take writes for the moment."""

BROKER_OUTAGE = (OSError, nats.errors.Error)
"""NATS is away, or does not answer."""

OUTAGE = (*DATABASE_OUTAGE, *BROKER_OUTAGE)


class Backoff:
    """A delay that doubles with every failure in a row."""

    def __init__(self, first: float = 0.1, longest: float = 5.0) -> None:
        self._first = first
        self._longest = longest
        self._next = first

    def reset(self) -> None:
        """Begin again with the shortest delay, after a success."""
        self._next = self._first

    async def wait(self) -> None:
        """Wait for the delay that is due."""
        delay, self._next = self._next, min(self._next * 2, self._longest)
        await asyncio.sleep(delay)
