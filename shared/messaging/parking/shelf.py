"""What is parked of one source, as its reader knows it, and as it is stored."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.contracts.meta import Meta
from shared.messaging.received import Received, received_of

_PLACES = "SELECT stream, position FROM inbox_parked WHERE source = $1 ORDER BY position"
_QUEUE = """
SELECT position, log_id, leaf_log, data, meta, sealed_digest, previous, attempts, next_attempt, failure
FROM inbox_parked WHERE source = $1 AND stream = $2 ORDER BY position LIMIT $3"""
_FIRST = """
SELECT position, stream, attempts, next_attempt FROM inbox_parked
WHERE source = $1 AND position = ANY($2::bigint[]) ORDER BY position"""
_TRIED = """
UPDATE inbox_parked SET attempts = $4, next_attempt = $5, failure = $6
WHERE source = $1 AND position = $2 AND attempts = $3"""

_REASON = """
UPDATE inbox_parked SET failure = $4
WHERE source = $1 AND position = $2 AND attempts = $3 AND failure IS DISTINCT FROM $4"""
_STILL = "SELECT EXISTS (SELECT FROM inbox_parked WHERE source = $1 AND position = $2 AND attempts = $3)"


@dataclass(frozen=True, slots=True)
class First:
    """The first parked event of a stream, and when it is tried again."""

    position: int
    stream: str
    attempts: int
    next_attempt: datetime | None

    @property
    def given_up(self) -> bool:
        """Whether it waits for a person."""
        return self.attempts > 0 and self.next_attempt is None

    def due(self, now: datetime) -> bool:
        """Whether it is to be tried now."""
        return self.attempts == 0 or (self.next_attempt is not None and self.next_attempt <= now)


class Shelf:
    """Streams of a source of which something is parked, with the positions.

    Only the reader parks, so that for it a stream which is not here is free. One that is here may have become
    free by what another replica did; who parks behind finds out.
    """

    def __init__(self, source: str) -> None:
        self.changed = asyncio.Event()
        self._source = source
        self._queues: dict[str, dict[int, None]] = {}

    def __bool__(self) -> bool:
        return bool(self._queues)

    def __contains__(self, stream: object) -> bool:
        return stream in self._queues

    def __len__(self) -> int:
        return sum(map(len, self._queues.values()))

    async def load(self, pool: Any) -> None:
        """Take up what is stored; while nothing is being parked."""
        rows = await pool.fetch(_PLACES, self._source)
        self._queues = {}
        for row in rows:
            self.add(row["stream"], row["position"])
        self.changed.set()

    def clear(self) -> None:
        """Know of nothing: somebody else reads from here on."""
        self._queues = {}

    def add(self, stream: str, position: int) -> None:
        """Note an event that was parked."""
        self._queues.setdefault(stream, {})[position] = None
        self.changed.set()

    def remove(self, stream: str, position: int) -> None:
        """Note that an event is no longer parked."""
        queue = self._queues.get(stream)
        if queue is not None:
            queue.pop(position, None)
            if not queue:
                del self._queues[stream]

    def free(self, stream: str) -> None:
        """Note that nothing of a stream is parked any more."""
        self._queues.pop(stream, None)

    async def first_of_each(self, pool: Any) -> list[First]:
        """The first parked event of each stream; what is no longer stored is forgotten."""
        wanted = {next(iter(queue)): stream for stream, queue in self._queues.items()}
        firsts = [First(*row) for row in await pool.fetch(_FIRST, self._source, list(wanted))]
        for position in wanted.keys() - {first.position for first in firsts}:
            self.remove(wanted[position], position)
        return firsts

    async def queue(self, pool: Any, stream: str, limit: int) -> Sequence[tuple[Received, int]]:
        """The first parked events of a stream in order, each with the number of its attempts."""
        rows = await pool.fetch(_QUEUE, self._source, stream, limit)
        return [(received_from(row), row["attempts"]) for row in rows]

    async def note_attempt(
        self, pool: Any, position: int, before: int, attempts: int, following: datetime | None, failure: str
    ) -> None:
        """Note an attempt that failed, unless the number of attempts has changed meanwhile."""
        await pool.execute(_TRIED, self._source, position, before, attempts, following, failure)

    async def note_reason(self, pool: Any, position: int, attempts: int, failure: str) -> None:
        """Note why an attempt failed that does not count, unless the number of attempts has changed."""
        await pool.execute(_REASON, self._source, position, attempts, failure)

    async def still_tried(self, pool: Any, position: int, attempts: int) -> bool:
        """Whether a parked event has been tried so often, and no person has had it tried again since."""
        still: bool = await pool.fetchval(_STILL, self._source, position, attempts)
        return still


def received_from(row: Any) -> Received:
    """Put the event together as it was received."""
    return received_of(
        Meta(row["meta"]).fields,
        row["meta"],
        row["data"],
        log_id=row["log_id"],
        position=row["position"],
        sealed_digest=row["sealed_digest"],
        previous=row["previous"],
        leaf_log=row["leaf_log"],
    )
