"""How far a running service has come: its log, its read models, and what it takes in of others."""

from collections.abc import Awaitable, Callable, Collection
from datetime import datetime

from shared.eventstore.store import EventStore
from shared.projections import Views
from shared.web import AsOf

Folded = Callable[[int], Awaitable[object]]
"""Waits until what a service shows besides read models has everything up to a position of its log."""


class ServiceHorizon:
    """Waits on signals of the store and the views; the database is asked once for each question.

    Args:
        store: whose log.
        views: its read models, or None where it has none.
        sources: the services whose events it takes in.

    What is read of a service may be more than its read models: `besides` waits for that.
    """

    besides: Folded | None = None

    def __init__(self, store: EventStore, views: Views | None, sources: Collection[str] = ()) -> None:
        self._store = store
        self._views = views
        self.sources = frozenset((store.service, *sources))

    async def resolve(self, asked: int | datetime) -> AsOf:
        """Find the last event that counts by a position or moment; what lies ahead is the head as of now."""
        if isinstance(asked, datetime):
            position = await self._store.position_at(asked)
        else:
            if asked > self._store.head:
                await self._store.look()
            position = min(asked, self._store.head)
        return AsOf(position, await self._store.moment_of(position))

    async def head(self) -> int:
        """Return the last position of the log now; another replica may have committed a moment ago."""
        await self._store.look()
        return self._store.head

    async def folded(self, position: int) -> None:
        """Wait until every read model, and what else is read, is folded up to a position."""
        if self._views is None:
            await self._store.advanced(position - 1)
        else:
            await self._views.beyond(position - 1)
        if self.besides is not None:
            await self.besides(position)

    async def taken_in(self, source: str, position: int) -> None:
        """Wait until a source's events up to a position have had their effects in this log.

        That they had is seen at their commit; where another replica takes in, within half a second of it.
        """
        if source == self._store.service:
            await self._store.advanced(position - 1)
        else:
            await self._store.taken_in(source, position)
