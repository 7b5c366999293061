"""The one writer of a process: it takes what waits, lets it decide, and commits it together."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any
from uuid import UUID

import asyncpg
import structlog

from shared.domain.clock import Clock
from shared.eventstore.batch import MAX_BATCH, Batch
from shared.eventstore.cache import LONGEST_GO, Cache
from shared.eventstore.errors import StoreUnavailable, UnusableStore
from shared.eventstore.line import Line
from shared.eventstore.log.note import Signer
from shared.eventstore.pending import Pending
from shared.eventstore.pipeline import Pipeline
from shared.eventstore.prefetch import Prefetch
from shared.eventstore.standing import Standing
from shared.eventstore.turns import Turns

CHUNK = 32
"""Commands decided in one go while a commit is under way; between two goes the event loop runs."""
CACHED_AGGREGATES = 50_000
PATIENCE = 10.0
"""Seconds that a command waits for PostgreSQL to come back before it is given up as unavailable."""

log = structlog.get_logger()


class Writer:
    """Runs on the event loop; everything it knows is true as of its head, or the commit fails.

    While one batch is being committed the next is decided on top of it. If the first fails, both are
    taken back and their commands decide again. Where another process was faster, it is done by `Turns`.
    """

    def __init__(
        self,
        connect: Callable[[], Awaitable[Any]],
        clock: Clock,
        sign_for: Callable[[UUID], Signer],
        committed: Callable[[Batch], None],
        moved: Callable[[], None],
        cached: int = CACHED_AGGREGATES,
    ) -> None:
        self.standing = Standing(sign_for, cached)
        self._line = Line(connect)
        self._turns = Turns()
        self._committed = committed
        self._moved = moved
        self._cache = Cache(cached)
        self._prefetch = Prefetch(self._cache, lambda: self.standing.head.position, self._fetched)
        self._ready: deque[Pending] = deque()
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._fetching: asyncio.Task[None]
        self._pipeline = Pipeline(self.standing, self._cache, clock, self._rouse)

    async def open(self) -> None:
        """Connect and take up the log where it stands."""
        await self._line.open()
        await self.standing.take_up(self._line.committing)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._line.close()

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
                    await self._recover(self._fetching.exception())
                if self._pipeline.landed:
                    await self._land()
                if self._turns.wanted and self._ready and self._pipeline.flight is None:
                    self._ready.extend(self._take_back())
                    await self._catch_up()
                if not self._turns.over:
                    self._decide()
                self._pipeline.launch(self._line.committing)
                if self._turns.held and self._pipeline.flight is None:
                    await self._hand_over()
                if self._pipeline.empty and self._prefetch.idle and not self._ready:
                    self._idle.set()
        finally:
            self._fetching.cancel()

    @property
    def idle(self) -> bool:
        """Whether nothing is queued or under way."""
        return self._idle.is_set()

    async def drained(self) -> None:
        """Wait until nothing is queued or under way."""
        await self._idle.wait()

    def fail(self, error: Exception) -> None:
        """Tell everybody who waits that nothing will be decided any more."""
        for pending in self._take_back():
            pending.settle(error)
        self._idle.set()

    def _start_fetching(self) -> None:
        self._fetching = asyncio.create_task(self._prefetch.run(self._line.fetching))
        self._fetching.add_done_callback(self._rouse)

    def _rouse(self, _task: Any) -> None:
        self._wake.set()

    def _fetched(self, pendings: list[Pending]) -> None:
        self._ready.extendleft(reversed(pendings))
        self._wake.set()

    def _decide(self) -> None:
        """Let what is ready decide, into the batch that is being built.

        With nothing under way, half of what is there goes first, so that the other half decides while
        PostgreSQL works. With something under way, the event loop is let in between to see it land. Commands
        that take long to decide end a go before its number is reached.
        """
        enough = min(max(len(self._ready) // 2, CHUNK // 2), MAX_BATCH)
        if self._pipeline.flight is not None:
            enough = CHUNK
        until = monotonic() + LONGEST_GO
        for _ in range(enough):
            if not self._ready:
                return
            batch = self._pipeline.build()
            if batch.full or (batch.taken and (batch.taken[0].alone or self._ready[0].alone)):
                return
            pending = self._ready.popleft()
            if pending.obsolete:
                self._pass_over(pending)
                continue
            if pending.answered is None and pending.command.by.answer is not None:
                pending.answered = self.standing.answers.get(pending.command.by.id)
            if self._prefetch.needs(pending) or not batch.decide(pending):
                self._prefetch.add(pending)
            else:
                self._release(pending)
            if monotonic() > until:
                break
        self._wake.set()

    def _pass_over(self, pending: Pending) -> None:
        """Load for a command whose turn comes with another; go on to the next after one that is done."""
        if pending.waits and self._prefetch.needs(pending):
            self._prefetch.add(pending)
        elif not pending.decided:
            self._release(pending)

    def _release(self, pending: Pending) -> None:
        following = pending.released()
        if following is not None:
            self._ready.appendleft(following)

    async def _land(self) -> None:
        """Take up the outcome of the commit that was under way."""
        flight, batch = self._pipeline.flight, self._pipeline.flying
        assert flight is not None and batch is not None, "it has landed"
        error = flight.exception()
        if error is None and flight.result():
            self._settle(batch)
        elif error is None:
            self._turns.overtaken()
            self._ready.extend(self._take_back())
            await self._catch_up()
        elif self._line.lost(error):
            await self._recover(error)
        else:
            self._single_out(batch, error)

    def _settle(self, batch: Batch) -> None:
        """Make the batch's outcome ours: the head, the tree, the caches, and those who wait."""
        if batch.stores:
            self._line.failures = 0
            self.standing.advance(batch)
        waited = self._pipeline.settle(batch)
        self._ready.extendleft(reversed(waited))
        self._pipeline.launch(self._line.committing)
        self._pipeline.trim()
        self._ready.extendleft(reversed(batch.postponed))
        batch.resolve()
        self._committed(batch)

    def _single_out(self, batch: Batch, error: BaseException) -> None:
        """After PostgreSQL refused a batch: commit its commands one by one, and the one at fault fails.

        Where the fault is an answer that is stored already, look all of them up instead.
        """
        refused = batch.taken
        if isinstance(error, asyncpg.UniqueViolationError) and error.table_name == "answers":
            self._ready.extend(self._take_back())
            for pending in refused:
                pending.suspect = pending.command.by.answer is not None
            return
        about = refused[0].about if len(refused) == 1 else {}
        log.error("store.batch-refused", error=repr(error), commands=len(refused), **about)
        self._ready.extend(self._take_back())
        if len(refused) == 1:
            refused[0].settle(error)
        for pending in refused:
            pending.alone = True

    async def _catch_up(self) -> None:
        """Come to where the log stands, in one's turn where turns are taken."""
        try:
            if self._turns.wanted:
                await self._turns.take(self._line.committing)
            await self._take_up()
        except Exception as error:
            if not self._line.lost(error):
                raise
            await self._recover(error)

    async def _hand_over(self) -> None:
        """Hand the turn on where it is over, or nothing is left to do in it.

        What is being loaded comes first: nothing is added to it any more, and it would be loaded in vain.
        """
        left = self._ready or self._pipeline.building is not None
        if not self._prefetch.idle or (left and not self._turns.over):
            return
        self._ready.extend(self._take_back())
        if self._ready:
            self._wake.set()
        try:
            await self._turns.hand_over(self._line.committing)
        except Exception as error:
            await self._recover(error)

    async def _recover(self, error: BaseException | None) -> None:
        """Come back to where the log stands; give up commands that have waited too long meanwhile."""
        if not self._line.lost(error):
            raise UnusableStore(f"the store cannot be read: {error!r}") from error
        log.warning("store.lost", error=repr(error))
        self._turns.lost()
        self._line.cut()
        running = [task for task in (self._pipeline.flight, self._fetching) if task is not None]
        self._fetching.cancel()
        for task in (await asyncio.wait(running))[0]:
            if not task.cancelled():
                task.exception()  # both are lost at once; what the other one raised says no more
        if self._pipeline.flying is not None:
            self.standing.doubt(self._pipeline.flying)
        self._ready.extend(self._take_back())
        await self._line.renew(self._take_up, self._give_up)
        self._start_fetching()

    async def _take_up(self) -> None:
        changed = await self.standing.catch_up(self._line.committing)
        if changed:
            self._turns.overtaken()  # others go on committing: turns are still needed
        self._cache.drop(changed)
        self._moved()

    def _give_up(self) -> None:
        late = monotonic() - PATIENCE
        for pending in self._ready:
            if pending.since < late:
                pending.settle(StoreUnavailable())
        self._ready = deque(pending for pending in self._ready if not pending.over)

    def _take_back(self) -> list[Pending]:
        """Undo in memory all that is not committed; return its commands, the earliest first."""
        taken = [*self._pipeline.take_back(), *self._prefetch.take_back(), *self._ready]
        self._ready.clear()
        for pending in taken:
            pending.looked_up, pending.answered, pending.decided = False, None, False
        return taken
