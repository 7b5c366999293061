"""Two batches of one writer: the one that is being decided, on top of the one that is being committed."""

import asyncio
from collections.abc import Callable
from typing import Any

from shared.domain.clock import Clock
from shared.eventstore.batch import Batch
from shared.eventstore.cache import Cache
from shared.eventstore.pending import Pending
from shared.eventstore.rendering import Renderer
from shared.eventstore.standing import Standing


class Pipeline:
    """Holds both, and what they have changed in memory.

    Args:
        standing: where the log stands without them.
        cache: the aggregates, as both leave them.
        clock: gives the moment at which what a batch decides is recorded.
        landed: called when a commit has ended, however it did.
    """

    def __init__(self, standing: Standing, cache: Cache, clock: Clock, landed: Callable[[Any], None]) -> None:
        self.building: Batch | None = None
        self.flying: Batch | None = None
        self.flight: asyncio.Task[bool] | None = None
        self._standing = standing
        self._cache = cache
        self._clock = clock
        self._landed = landed

    @property
    def empty(self) -> bool:
        """Whether nothing is decided that is not committed."""
        return self.building is None and self.flight is None

    @property
    def landed(self) -> bool:
        """Whether the outcome of a commit waits to be taken up."""
        return self.flight is not None and self.flight.done()

    def build(self) -> Batch:
        """Return the batch that is being decided; begin one where there is none."""
        if self.building is not None:
            return self.building
        under_way, standing = self.flying, self._standing
        head, edge, inboxes = standing.head, standing.edge, standing.inboxes
        position, turn, recorded_at = head.position, head.turn, head.recorded_at
        if under_way is not None:
            position += len(under_way.rows)
            turn += under_way.stores
            recorded_at, edge = under_way.recorded_at, under_way.edge
            inboxes = inboxes | under_way.steps
        recorded_at = max(self._clock(), recorded_at)
        renderer = Renderer(head.log_id, position, recorded_at)
        self.building = batch = Batch(self._cache, edge.copy(), renderer, recorded_at, turn)
        batch.under_way, batch.inboxes = under_way, inboxes
        if under_way is not None:
            batch.spoiled |= under_way.spoiled
        return batch

    def launch(self, connection: Any) -> None:
        """Send the batch that was decided, unless one is under way."""
        batch = self.building
        if batch is None or self.flight is not None:
            return
        if not batch.settled:
            if not batch.postponed and not batch.spoiled:
                self.building = None
            return
        self.building, self.flying = None, batch
        self.flight = asyncio.create_task(self._standing.store(connection, batch))
        self.flight.add_done_callback(self._landed)

    def settle(self, batch: Batch) -> list[Pending]:
        """Make what was committed the ground of what is being decided; return what had waited for that."""
        self.flight = self.flying = None
        self._cache.drop(batch.spoiled)
        following = self.building
        if following is None:
            return []
        following.under_way = None
        following.release()
        return following.take_postponed()

    def trim(self) -> None:
        """Keep the cache within its bound; what is changed and not yet committed is in memory only."""
        batches = [batch for batch in (self.flying, self.building) if batch is not None]
        self._cache.trim({stream for batch in batches for stream in (*batch.changed, *batch.spoiled)})

    def take_back(self) -> list[Pending]:
        """Undo in memory all that is not committed; return its commands, the earliest first."""
        taken: list[Pending] = []
        for batch in (self.flying, self.building):
            if batch is not None:
                taken += batch.taken
                self._cache.drop(batch.spoiled)
                self._cache.drop(batch.changed)
        self.flight = self.flying = self.building = None
        return taken
