"""The one writer of a process: it takes what waits, lets it decide, and commits it together."""

import asyncio
import itertools
from collections import deque
from collections.abc import Callable
from typing import Any
from uuid import UUID

import asyncpg
import structlog

from shared.domain.clock import Clock
from shared.eventstore.batch import Answered, Batch, Pending
from shared.eventstore.cache import Cache, fold
from shared.eventstore.errors import StoreUnavailable, UnusableStore
from shared.eventstore.fence import Head, commit, read_edge, read_head
from shared.eventstore.log.note import Signer
from shared.eventstore.log.tree import Edge
from shared.eventstore.recent import Recent
from shared.eventstore.rendering import Renderer
from shared.eventstore.statements import ANSWERS, LOAD

MAX_BATCH = 512
CACHED_AGGREGATES = 50_000
PATIENCE = 10.0
"""Seconds that a command waits for PostgreSQL to come back before it is given up as unavailable."""

_DOWN = (OSError, asyncpg.PostgresConnectionError, asyncpg.OperatorInterventionError)

log = structlog.get_logger()


def is_lost(error: Exception, connection: Any) -> bool:
    """Whether an error says that PostgreSQL is away or going, rather than that it refused something."""
    return isinstance(error, _DOWN) or (isinstance(error, asyncpg.InterfaceError) and connection.is_closed())


class Writer:
    """Runs on the event loop; everything it knows is true as of its head, or the commit fails."""

    def __init__(
        self,
        connect: Callable[[], Any],
        clock: Clock,
        sign_for: Callable[[UUID], Signer],
        committed: Callable[[Batch], None],
    ) -> None:
        self.head: Head
        self.recent: Recent
        self.inboxes: dict[str, int] = {}
        self._connect = connect
        self._clock = clock
        self._sign_for = sign_for
        self._committed = committed
        self._queue: deque[Pending] = deque()
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._cache = Cache(CACHED_AGGREGATES)
        self._connection: Any = None
        self._doubtful: list[Batch] = []

    async def open(self) -> None:
        """Connect and take up the log where it stands."""
        self._connection = await self._connect()
        self.head = await read_head(self._connection)
        self._edge = await read_edge(self._connection, self.head.position)
        self._signer = self._sign_for(self.head.log_id)
        self.recent = Recent(self.head.position)
        await self._read_inboxes()

    async def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            await self._connection.close()

    def submit(self, pending: Pending) -> None:
        """Queue a command; commands queued in order are decided in order, unless one must be loaded."""
        self._queue.append(pending)
        self._idle.clear()
        self._wake.set()

    async def run(self) -> None:
        """Commit what comes until cancelled."""
        while True:
            while self._queue:
                await self._round()
            self._idle.set()
            self._wake.clear()
            await self._wake.wait()

    async def drained(self) -> None:
        """Wait until nothing is queued or under way."""
        await self._idle.wait()

    def fail(self, error: Exception) -> None:
        """Tell everybody who waits that nothing will be decided any more."""
        while self._queue:
            pending = self._queue.popleft()
            if not pending.future.done():
                pending.future.set_exception(error)
        self._idle.set()

    async def _round(self) -> None:
        taken = [self._queue.popleft() for _ in range(min(len(self._queue), MAX_BATCH))]
        taken = [pending for pending in taken if not pending.future.done()]
        try:
            again = await self._attempt(taken)
        except UnusableStore:
            self._queue.extendleft(reversed(taken))
            raise
        except Exception as error:
            if is_lost(error, self._connection):
                log.warning("store.lost", error=repr(error))
                await self._reconnect(taken)
                again = taken
            else:
                again = await self._isolate(taken, error)
        self._queue.extendleft(pending for pending in reversed(again) if not pending.future.done())

    async def _isolate(self, taken: list[Pending], error: Exception) -> list[Pending]:
        """After PostgreSQL refused a batch, commit its commands one by one: one that fails alone, fails."""
        log.error("store.batch-refused", error=repr(error), commands=[p.command.name for p in taken[:8]])
        if len(taken) == 1:
            taken[0].future.set_exception(error)
            return []
        again: list[Pending] = []
        for place, pending in enumerate(taken):
            if pending.future.done():
                continue
            try:
                again += await self._attempt([pending])
            except Exception as alone:
                if is_lost(alone, self._connection):
                    await self._reconnect(taken)
                    return again + taken[place:]
                pending.future.set_exception(alone)
        return again

    async def _reconnect(self, taken: list[Pending]) -> None:
        """Come back to where the log stands; give up commands that have waited too long meanwhile."""
        self._connection.terminate()
        for attempt in itertools.count():
            try:
                self._connection = await self._connect()
                await self._synchronise()
            except Exception as error:
                if not is_lost(error, self._connection):
                    raise
                self._give_up(taken)
                await asyncio.sleep(min(0.05 * 2**attempt, 1.0))
            else:
                log.info("store.back", position=self.head.position)
                return

    def _give_up(self, taken: list[Pending]) -> None:
        late = asyncio.get_running_loop().time() - PATIENCE
        for pending in itertools.chain(taken, self._queue):
            if pending.since < late and not pending.future.done():
                pending.future.set_exception(StoreUnavailable())

    async def _attempt(self, taken: list[Pending]) -> list[Pending]:
        """Decide and commit once; return the commands that must be taken up again."""
        answered = await self._look_up(taken)
        recorded_at = max(self._clock(), self.head.recorded_at)
        renderer = Renderer(self.head.log_id, self.head.position, recorded_at)
        batch = Batch(self._cache, self._edge.copy(), renderer, self.inboxes, answered, recorded_at)
        for pending in taken:
            batch.decide(pending)
        if not batch.settled:
            self._cache.drop(batch.spoiled)
            return batch.postponed
        try:
            stored = await self._store(batch)
        except BaseException:
            self._forget(batch)
            raise
        if stored:
            self._settle(batch)
            return batch.postponed
        self._forget(batch)
        await self._synchronise()
        return taken

    async def _look_up(self, taken: list[Pending]) -> dict[UUID, Answered]:
        """Load the aggregates that are wanted and not in memory, and the answers that may be stored."""
        wanted = {want for pending in taken for want in pending.wants}
        missing = [want for want in wanted if f"{want[0].kind}.{want[1]}" not in self._cache]
        if missing:
            streams = [f"{kind.kind}.{id}" for kind, id in missing]
            formats = [kind.snapshot_version for kind, _ in missing]
            rows = await self._connection.fetch(LOAD, streams, formats, self.head.position)
            self._cache.add(fold(missing, rows))
        ids = [pending.command.by.id for pending in taken if pending.command.by.answer is not None]
        if not ids:
            return {}
        return {row[0]: Answered(*row[1:]) for row in await self._connection.fetch(ANSWERS, ids)}

    async def _store(self, batch: Batch) -> bool:
        if not batch.stores:
            return (await read_head(self._connection)).turn == self.head.turn
        try:
            stored = await commit(self._connection, self.head, batch, self._signer)
        except Exception as error:
            if is_lost(error, self._connection):
                self._doubtful.append(batch)
            raise
        if stored:
            self._doubtful.clear()
        return stored

    def _settle(self, batch: Batch) -> None:
        """Make the batch's outcome ours: the head, the tree, the caches, and those who wait."""
        if batch.stores:
            head = self.head
            head.turn += 1
            head.position += len(batch.rows)
            head.recorded_at = batch.recorded_at
            self._edge = batch.edge
            self.inboxes.update(batch.steps)
            self.recent.extend(batch.rows, batch.recorded_at)
        self._cache.drop(batch.spoiled)
        self._cache.trim()
        batch.resolve()
        self._committed(batch)

    def _forget(self, batch: Batch) -> None:
        """Take back what the batch did to the aggregates in memory."""
        self._cache.drop(batch.spoiled)
        self._cache.drop(batch.changed)

    async def _synchronise(self) -> None:
        """Catch up with what others committed, or with what was ours after all.

        A commit that was lost sight of may still be under way on the server. It can only be stored at
        the turn that it saw; so it stays doubtful until the turn has moved, and is looked for then.
        """
        head = await read_head(self._connection)
        if head.log_id != self.head.log_id or head.turn < self.head.turn:
            raise UnusableStore("the log was replaced under a running service: start it again")
        if head.turn == self.head.turn:
            return
        for batch in self._doubtful:
            if await self._was_stored(batch):
                batch.resolve()
        self._doubtful.clear()
        await self._fast_forward(head)

    async def _was_stored(self, batch: Batch) -> bool:
        """Whether a batch whose commit was lost sight of is in the store."""
        if batch.rows:
            first = batch.rows[0]
            leaf = await self._connection.fetchval(
                "SELECT leaf FROM events WHERE position = $1", first.position
            )
            return bool(leaf == first.leaf)
        if batch.answers:
            found = await self._connection.fetch(ANSWERS, list(batch.answers))
            return bool(found)
        await self._read_inboxes()
        return all(self.inboxes[name] >= position for name, position in batch.steps.items())

    async def _fast_forward(self, head: Head) -> None:
        self._edge = await read_edge(self._connection, head.position)
        changed = await self._connection.fetch(
            "SELECT DISTINCT stream FROM events WHERE position > $1 AND position <= $2",
            self.head.position,
            head.position,
        )
        self._cache.drop(row["stream"] for row in changed)
        self.head = head
        self.recent.restart(head.position)
        await self._read_inboxes()

    async def _read_inboxes(self) -> None:
        rows = await self._connection.fetch("SELECT name, position FROM inboxes")
        self.inboxes.clear()
        self.inboxes.update({row["name"]: row["position"] for row in rows})
