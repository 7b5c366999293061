"""The one writer of a process: it takes what waits, lets it decide, and commits it together."""

import asyncio
import itertools
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Any
from uuid import UUID

import asyncpg
import structlog

from shared.domain.clock import Clock
from shared.eventstore.batch import Answered, Batch, Pending
from shared.eventstore.cache import Cache
from shared.eventstore.errors import StoreUnavailable, UnusableStore
from shared.eventstore.fence import Head, commit, read_edge, read_head
from shared.eventstore.log.note import Signer
from shared.eventstore.prefetch import Prefetch
from shared.eventstore.recent import Recent
from shared.eventstore.rendering import Renderer
from shared.eventstore.statements import ANSWERS

MAX_BATCH = 256
CHUNK = 32
CACHED_AGGREGATES = 50_000
KEPT_ANSWERS = 10_000
PATIENCE = 10.0
"""Seconds that a command waits for PostgreSQL to come back before it is given up as unavailable."""

_DOWN = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InternalClientError,
)

log = structlog.get_logger()


def is_lost(error: BaseException, connection: Any) -> bool:
    """Whether an error says that PostgreSQL is away or going, rather than that it refused something."""
    return isinstance(error, _DOWN) or (isinstance(error, asyncpg.InterfaceError) and connection.is_closed())


class Writer:
    """Runs on the event loop; everything it knows is true as of its head, or the commit fails.

    While one batch is being committed the next is decided on top of it. If the first fails, both are
    taken back and their commands decide again.
    """

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
        self._cache = Cache(CACHED_AGGREGATES)
        self._prefetch = Prefetch(self._cache, lambda: self.head.position, self._fetched)
        self._ready: deque[Pending] = deque()
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._connection: Any = None
        self._building: Batch | None = None
        self._flight: asyncio.Task[bool] | None = None
        self._flying: Batch | None = None
        self._doubtful: list[Batch] = []
        self._answers: OrderedDict[UUID, Answered] = OrderedDict()

    async def open(self) -> None:
        """Connect and take up the log where it stands."""
        self._connection = await self._connect()
        self._prefetch.connection = await self._connect()
        self.head = await read_head(self._connection)
        self._edge = await read_edge(self._connection, self.head.position)
        self._signer = self._sign_for(self.head.log_id)
        self.recent = Recent(self.head.position)
        await self._read_inboxes()

    async def close(self) -> None:
        """Let go of the connections."""
        for connection in (self._connection, self._prefetch.connection):
            if connection is not None:
                await connection.close()

    def submit(self, pending: Pending) -> None:
        """Queue a command, and with it those that follow it."""
        self._ready.append(pending)
        self._idle.clear()
        self._wake.set()

    async def run(self) -> None:
        """Commit what comes until cancelled."""
        self._start_fetching()
        try:
            while True:
                await self._wake.wait()
                await asyncio.sleep(0)
                self._wake.clear()
                if self._fetching.done():
                    await self._lost(self._fetching.exception())
                if self._flight is not None and self._flight.done():
                    await self._land()
                self._decide()
                self._launch()
                if (
                    self._building is None
                    and self._flight is None
                    and self._prefetch.idle
                    and not self._ready
                ):
                    self._idle.set()
        finally:
            self._fetching.cancel()

    async def drained(self) -> None:
        """Wait until nothing is queued or under way."""
        await self._idle.wait()

    def fail(self, error: Exception) -> None:
        """Tell everybody who waits that nothing will be decided any more."""
        for pending in self._take_back():
            pending.settle(error)
        self._idle.set()

    def _start_fetching(self) -> None:
        self._fetching = asyncio.create_task(self._prefetch.run())
        self._fetching.add_done_callback(self._rouse)

    def _rouse(self, _task: Any) -> None:
        self._wake.set()

    def _fetched(self, pendings: list[Pending]) -> None:
        self._ready.extendleft(reversed(pendings))
        self._wake.set()

    def _decide(self) -> None:
        """Let what is ready decide, into the batch that is being built.

        With nothing under way, half of what is there goes first, so that the other half decides while
        PostgreSQL works. With something under way, the event loop is let in between to see it land.
        """
        enough = CHUNK if self._flight is not None else min(max(len(self._ready) // 2, CHUNK // 2), MAX_BATCH)
        for _ in range(enough):
            if not self._ready:
                return
            batch = self._building or self._build()
            if len(batch.taken) >= MAX_BATCH or (
                batch.taken and (batch.taken[0].alone or self._ready[0].alone)
            ):
                return
            pending = self._ready.popleft()
            if pending.obsolete:
                continue
            if pending.looked_up and pending.answered is None:
                pending.answered = self._answers.get(pending.command.by.id)
            if self._prefetch.needs(pending) or not batch.decide(pending):
                self._prefetch.add(pending)
            elif pending.decided and pending.following is not None:
                self._ready.appendleft(pending.following)
        self._wake.set()

    def _build(self) -> Batch:
        under_way = self._flying
        position, recorded_at = self.head.position, self.head.recorded_at
        turn, edge, inboxes = self.head.turn, self._edge, self.inboxes
        if under_way is not None:
            position += len(under_way.rows)
            turn += under_way.stores
            recorded_at, edge = under_way.recorded_at, under_way.edge
            inboxes = inboxes | under_way.steps
        recorded_at = max(self._clock(), recorded_at)
        renderer = Renderer(self.head.log_id, position, recorded_at)
        self._building = batch = Batch(self._cache, edge.copy(), renderer, recorded_at, turn)
        batch.under_way, batch.inboxes = under_way, inboxes
        if under_way is not None:
            batch.spoiled |= under_way.spoiled
        return batch

    def _launch(self) -> None:
        """Send the batch that was built, unless one is under way."""
        batch = self._building
        if batch is None or self._flight is not None:
            return
        if not batch.settled:
            if not batch.postponed and not batch.spoiled:
                self._building = None
            return
        self._building, self._flying = None, batch
        self._flight = asyncio.create_task(self._store(batch))
        self._flight.add_done_callback(self._rouse)

    async def _store(self, batch: Batch) -> bool:
        if not batch.stores:
            return (await read_head(self._connection)).turn == batch.turn
        return await commit(self._connection, self.head, batch, self._signer)

    async def _land(self) -> None:
        """Take up the outcome of the commit that was under way."""
        flight, batch = self._flight, self._flying
        if flight is None or batch is None:
            return
        error = flight.exception()
        if error is not None:
            await self._crash(batch, error)
        elif flight.result():
            self._flight = self._flying = None
            self._settle(batch)
        else:
            self._ready.extend(self._take_back())
            try:
                await self._synchronise()
            except Exception as lost:
                await self._lost(lost)

    def _settle(self, batch: Batch) -> None:
        """Make the batch's outcome ours: the head, the tree, the caches, and those who wait."""
        if batch.stores:
            head = self.head
            head.turn += 1
            head.position += len(batch.rows)
            head.recorded_at = batch.recorded_at
            self._edge = batch.edge
            self._doubtful.clear()
            self.inboxes.update(batch.steps)
            self.recent.extend(batch.rows, batch.recorded_at)
            self._answers.update(batch.answers)
            while len(self._answers) > KEPT_ANSWERS:
                self._answers.popitem(last=False)
        self._cache.drop(batch.spoiled)
        following = self._building
        if following is not None:
            following.under_way = None
            following.release()
            self._ready.extendleft(reversed(following.take_postponed()))
            self._launch()
        else:
            self._cache.trim()
        self._ready.extendleft(reversed(batch.postponed))
        batch.resolve()
        self._committed(batch)

    async def _crash(self, batch: Batch, error: BaseException) -> None:
        """After a commit that raised: wait for PostgreSQL, or find the command that it refuses."""
        if is_lost(error, self._connection):
            self._doubt(batch)
            await self._lost(error)
            return
        refused = batch.taken
        log.error("store.batch-refused", error=repr(error), commands=len(refused))
        self._ready.extend(self._take_back())
        if len(refused) == 1:
            refused[0].settle(error)
        for pending in refused:
            pending.alone = True

    async def _lost(self, error: BaseException | None) -> None:
        """Come back to where the log stands; give up commands that have waited too long meanwhile."""
        if isinstance(error, UnusableStore):
            raise error
        connections = (self._connection, self._prefetch.connection)
        if error is None or not any(is_lost(error, connection) for connection in connections):
            raise UnusableStore(f"the store cannot be read: {error!r}") from error
        log.warning("store.lost", error=repr(error))
        if self._flight is not None and not self._flight.done():
            self._connection.terminate()
            await asyncio.wait([self._flight])
            if self._flying is not None:
                self._doubt(self._flying)
        self._ready.extend(self._take_back())
        self._fetching.cancel()
        await asyncio.wait([self._fetching])
        self._connection.terminate()
        self._prefetch.connection.terminate()
        await self._reconnect()
        self._start_fetching()

    def _doubt(self, batch: Batch) -> None:
        """Remember a batch of which it is not known whether it was stored."""
        if batch.stores:
            self._doubtful.append(batch)

    async def _reconnect(self) -> None:
        for attempt in itertools.count():
            try:
                self._connection = await self._connect()
                self._prefetch.connection = await self._connect()
                await self._synchronise()
            except Exception as error:
                if not is_lost(error, self._connection):
                    raise
                self._connection.terminate()
                self._prefetch.connection.terminate()
                self._give_up()
                await asyncio.sleep(min(0.05 * 2**attempt, 0.5))
            else:
                log.info("store.back", position=self.head.position)
                return

    def _give_up(self) -> None:
        late = asyncio.get_running_loop().time() - PATIENCE
        for pending in self._ready:
            if pending.since < late:
                pending.settle(StoreUnavailable())

    def _take_back(self) -> list[Pending]:
        """Undo in memory all that is not committed; return its commands, the earliest first."""
        taken: list[Pending] = []
        for batch in (self._flying, self._building):
            if batch is not None:
                taken += batch.taken
                self._cache.drop(batch.spoiled)
                self._cache.drop(batch.changed)
        self._flight = self._flying = self._building = None
        taken += self._prefetch.take_back()
        taken += self._ready
        self._ready.clear()
        for pending in taken:
            pending.looked_up, pending.answered, pending.decided = False, None, False
        return [pending for pending in taken if not pending.future.done()]

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
