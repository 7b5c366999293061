"""The one runner of a service's views: it follows the log and folds batch by batch."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from time import monotonic
from typing import Any, Protocol

import structlog

from shared.eventstore.record import Record
from shared.projections.advancing import CACHED_ROWS, HABITS, Advancing
from shared.projections.errors import DOWN, is_down, is_full
from shared.projections.generations import begin, serving, use
from shared.projections.view import View
from shared.telemetry.spread import QUICK_S, Spread

BATCH = 500
REST = 0.02
"""Seconds between batches while nobody waits for a position; an event in a larger batch costs less."""

RETRY = 0.5
"""Seconds between attempts while PostgreSQL is away."""

LOOK = 0.1
"""Seconds between looks for views that are being filled, while there are any."""

log = structlog.get_logger()


class Log(Protocol):
    """What views need of the event store."""

    @property
    def pool(self) -> Any:
        """Connections whose search_path is the service's schema."""

    async def read(self, after: int, limit: int = 500) -> list[Record]:
        """Return the events after a position, in order, without gaps."""

    async def advanced(self, after: int) -> int:
        """Wait until the log has an event after a position; return its head."""


class Runner:
    """Folds the live views of one service. Several may run at once: a batch is stored by the first alone.

    A view whose generation was switched or retired is found again by its name. One that has no live
    generation is filled by a `Keeper`, and taken up once it is live.

    Its commits are asynchronous, so that a crash of PostgreSQL may take the last ones back. Where the views
    stand is looked up again whenever its connection ended, also while there is nothing to fold. `alarm` says
    that PostgreSQL has no room for what is folded.

    Args:
        store: whose events.
        views: the views.
        wanted: set by whoever waits for a position.
        moved: told where the live views stand by name, whenever that changes.
        folds: takes the seconds from each batch read to its rows stored.
        cached: rows that it keeps in memory, at most.
    """

    def __init__(
        self,
        store: Log,
        views: Sequence[View],
        wanted: asyncio.Event,
        moved: Callable[[Mapping[str, int]], None],
        folds: Spread | None = None,
        cached: int = CACHED_ROWS,
    ) -> None:
        self._store = store
        self._cached = cached
        self._all = {view.name: view for view in views}
        self._wanted = wanted
        self._moved = moved
        self._views: dict[int, View] = {}
        self._positions: dict[int, int] = {}
        self._folds = folds or Spread(QUICK_S)
        self.alarm: str | None = None
        self._doubted = False
        self._waiting: asyncio.Timeout | None = None

    @property
    def generations(self) -> set[int]:
        """The generations that are followed."""
        return set(self._views)

    def doubt(self, *_: object) -> None:
        """Have it look up where the views stand: it was found elsewhere, or PostgreSQL was lost."""
        self._doubted = True
        if self._waiting is not None:
            with suppress(RuntimeError):  # it has just ended by itself
                self._waiting.reschedule(asyncio.get_running_loop().time())

    async def run(self) -> None:
        """Follow the log until cancelled; wait out an absence of PostgreSQL.

        Raises:
            Exception: what a view raised; the positions stay before the batch in which it did.
        """
        while True:
            try:
                async with self._store.pool.acquire() as connection:
                    connection.add_termination_listener(self.doubt)
                    try:
                        await self._follow(connection)
                    finally:
                        with suppress(*DOWN):  # where it ended the pool has taken it back
                            connection.remove_termination_listener(self.doubt)
            except DOWN as error:
                if not is_down(error):
                    raise
                if is_full(error):
                    self.alarm = f"PostgreSQL has no room for views: {error}"
                    log.error("views.no-room", error=str(error))
                else:
                    log.warning("views.lost", error=str(error))
                await asyncio.sleep(RETRY)

    async def _follow(self, connection: Any) -> None:
        connection.lend_session()
        await connection.execute(HABITS)
        await use(connection, self._all.values())
        advancing = Advancing(connection, self._cached)
        await self._take_up(connection, advancing)
        while True:
            if self._doubted:  # over a connection that has ended this raises, and another one is taken
                await self._take_up(connection, advancing)
            if len(self._views) < len(self._all) and await self._is_filled(connection):
                await self._take_up(connection, advancing)
            if not self._views:
                await asyncio.sleep(LOOK)
                continue
            await self._step(connection, advancing)
            with suppress(TimeoutError):
                async with asyncio.timeout(REST):
                    await self._wanted.wait()

    async def _take_up(self, connection: Any, advancing: Advancing) -> None:
        """Learn where the views stand; nothing else that is in memory can be relied on."""
        advancing.forget()
        self._doubted = False
        found = await serving(connection, self._all)
        for name, view in self._all.items():
            if name not in found:
                found[name] = await begin(connection, view)
        live = {name: one for name, one in found.items() if one.live}
        self._views = {one.generation: self._all[name] for name, one in live.items()}
        positions = {one.generation: one.position for one in live.values()}
        if positions != self._positions:
            self.alarm = None  # another replica went on
        self._positions = positions
        self._tell()

    async def _is_filled(self, connection: Any) -> bool:
        """Whether a view is live that is not followed yet."""
        found = await serving(connection, self._all)
        return any(one.live and one.generation not in self._views for one in found.values())

    def _tell(self) -> None:
        self._moved({self._views[g].name: position for g, position in self._positions.items()})

    async def _step(self, connection: Any, advancing: Advancing) -> None:
        """Fold what comes next for those views that are furthest behind."""
        after = min(self._positions.values())
        ahead = [position - after for position in self._positions.values() if position > after]
        if not ahead and not await self._is_news(after):
            return
        self._wanted.clear()
        records = await self._store.read(after, min([BATCH, *ahead]))
        if not records:
            return
        began = monotonic()
        views = {g: view for g, view in self._views.items() if self._positions[g] == after}
        if await advancing.advance(views, after, records):
            self._positions.update(dict.fromkeys(views, records[-1].position))
            self.alarm = None
            self._tell()
            self._folds.observe(monotonic() - began)
        else:
            await self._take_up(connection, advancing)

    async def _is_news(self, after: int) -> bool:
        """Wait for an event; no longer than until a doubt, or for a look where views are being filled."""
        try:
            async with asyncio.timeout(None if len(self._views) == len(self._all) else LOOK) as self._waiting:
                await self._store.advanced(after)
        except TimeoutError:
            return False
        finally:
            self._waiting = None
        return True
