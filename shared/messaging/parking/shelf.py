"""What is parked of one source, as its reader knows it, and as it is stored."""

import asyncio
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.messaging.parking.parked_events import ParkedEvents, Waiting
from shared.messaging.parking.queues import Queues
from shared.messaging.parking.strands import Strands
from shared.messaging.parking.taking_up import UNREADABLE, received_from, stored_as, wrong
from shared.messaging.received import Received

_QUEUE = """
SELECT position, log_id, leaf_log, data, meta, sealed_digest, previous, attempts, next_attempt, failure
FROM inbox_parked WHERE source = $1 AND position = ANY($2::bigint[]) ORDER BY position"""
_FIRST = """
SELECT position, attempts, next_attempt FROM inbox_parked
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
    """The first parked event of a queue, and when it is tried again."""

    queue: str
    position: int
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
    """Strands of a source on which something is parked, and the queues of positions.

    Only the reader parks, so that for it a strand which is not here is free. One that is here may have become
    free by what another replica did; who parks behind finds out.
    """

    def __init__(self, source: str) -> None:
        self.changed = asyncio.Event()
        self._source = source
        self.clear()

    def __bool__(self) -> bool:
        return bool(self._own)

    def __contains__(self, strand: object) -> bool:
        return strand in self._strands

    def __len__(self) -> int:
        return len(self._own)

    def load(self, parked: ParkedEvents) -> None:
        """Take up what is parked by the log; while nothing is being parked.

        What leaves meanwhile is found out when it is to be tried.
        """
        proven = {at: known for at, known in self._own.items() if known.leaf is not None}
        self.clear()
        for at, waiting in parked.waiting.items():
            known = proven.get(at)
            same = known is not None and known.event == waiting.event
            self._own[at] = known if known is not None and same and waiting.leaf is None else waiting
        self._positions |= deepcopy(parked.queues)
        self._strands |= deepcopy(parked.strands)
        self._held |= deepcopy(parked.held)
        self.changed.set()

    def clear(self) -> None:
        """Know of nothing: somebody else reads from here on."""
        self._own: dict[int, Waiting] = {}
        self._positions: dict[str, list[int]] = {}
        self._strands: dict[str, list[str]] = {}
        self._held: dict[str, list[str]] = {}
        self._queues = Queues(self._positions, self._strands, self._held)

    def add(self, received: Received, strands: Strands) -> None:
        """Note an event that was parked."""
        self._own[received.position] = Waiting(
            event=received.event_id,
            log=received.log_id,
            stream=received.stream,
            strand=strands.own,
            leaf=received.leaf().hex(),
        )
        self._queues.add(received.position, strands.held, strands.asked)
        self.changed.set()

    def remove(self, position: int) -> str | None:
        """Note that an event is no longer parked; return the name of its queue where that is empty now."""
        waiting = self._own.pop(position, None)
        return None if waiting is None else self._queues.remove(position, waiting.strand)

    async def first_of_each(self, pool: Any) -> list[First]:
        """The first parked event of each queue, as far as these are stored."""
        wanted = {queue[0]: name for name, queue in self._positions.items()}
        rows = await pool.fetch(_FIRST, self._source, list(wanted))
        return [First(wanted[row["position"]], *row) for row in rows]

    def firsts(self) -> set[int]:
        """The positions of the first event of each queue."""
        return {queue[0] for queue in self._positions.values()}

    async def queue(self, pool: Any, name: str, limit: int) -> Sequence[tuple[Received, int]]:
        """The first parked events of a queue in order, each with the number of its attempts.

        Raises:
            NotAsParked: the first of them cannot be read.
        """
        rows = await pool.fetch(_QUEUE, self._source, self._positions.get(name, [])[:limit])
        queue: list[tuple[Received, int]] = []
        for row in rows:
            try:
                queue.append((received_from(row), row["attempts"]))
            except UNREADABLE:
                position = row["position"]
                if not queue and position in self._own:
                    raise wrong(self._source, position, self._own[position]) from None
                break
        return queue

    def holds(self, position: int | None) -> bool:
        """Whether an event of this position is parked."""
        return position in self._own

    def is_proven(self, position: int) -> bool:
        """Whether it is known by which leaf a parked event is known again."""
        waiting = self._own.get(position)
        return waiting is None or waiting.leaf is not None

    def prove(self, position: int, leaf: bytes) -> None:
        """Note the leaf, as the source's stream tells it, of an event that was parked before the log did."""
        if (waiting := self._own.get(position)) is not None and waiting.leaf is None:
            self._own[position] = waiting.model_copy(update={"leaf": leaf.hex()})
            self.changed.set()

    def compare(self, received: Received) -> None:
        """Compare what is stored with what was parked, before anything is made of it.

        Raises:
            NotAsParked: it is another event, and what a reaction says of it no failure of the true one.
        """
        waiting = self._own.get(received.position)
        if waiting is None:
            return
        try:
            same = waiting.is_stored_as(stored_as(received))
        except UNREADABLE:
            same = False
        if not same:
            raise wrong(self._source, received.position, waiting)

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
