"""The one runner of a service's views: it follows the log and folds batch by batch."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib.resources import files
from time import monotonic
from typing import Any, Protocol

import asyncpg
import structlog

from shared.eventstore.record import Record
from shared.projections.folding import Changes, RowId, fold, touched
from shared.projections.view import View
from shared.telemetry.spread import QUICK_S, Spread

BATCH = 500
CACHED_ROWS = 20_000
REST = 0.02
"""Seconds between batches while nobody waits for a position; an event in a larger batch costs less."""

RETRY = 0.5
"""Seconds between attempts while PostgreSQL is away."""

HABITS = """
    SET synchronous_commit = off;
    -- a plan made while the tables were small and kept would read a whole view for each batch
    SET plan_cache_mode = force_custom_plan;
"""
ADVANCE = (files("shared.projections") / "sql" / "advance.sql").read_text(encoding="utf-8")
POSITIONS = "SELECT generation, position FROM views WHERE generation = ANY($1::integer[])"
CURRENT = """
    SELECT w.generation, w.key, r.doc::text
    FROM unnest($1::integer[], $2::text[]) AS w (generation, key)
    LEFT JOIN view_rows r ON r.generation = w.generation AND r.key = w.key AND r.valid_to IS NULL
"""
RETIRE = """
    WITH retired AS (
        DELETE FROM views v USING views mine
        WHERE mine.generation = ANY($1::integer[]) AND v.name = mine.name AND v.version < mine.version
        RETURNING v.generation
    )
    DELETE FROM view_rows WHERE generation IN (SELECT generation FROM retired)
"""
DOWN = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.InternalClientError,  # what its pool says when it takes back a connection that broke off
)
"""PostgreSQL is away, starting, stopping or full."""

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


class Superseded(Exception):
    """A newer release has taken a view over, and removed this release's rows."""


class Runner:
    """Folds the views of one service. Several may run at once: a batch is stored by the first alone.

    Commits are asynchronous on purpose: rows and position move together, so that after a crash of
    PostgreSQL the runner folds again what was lost, and no fsync is spent on what the log can give back.

    Args:
        store: whose events.
        views: the views by generation.
        wanted: set by whoever waits for a position.
        moved: told where the generations stand, whenever that changes.
        folds: takes the seconds from each batch read to its rows stored.
    """

    def __init__(
        self,
        store: Log,
        views: Mapping[int, View],
        wanted: asyncio.Event,
        moved: Callable[[Mapping[int, int]], None],
        folds: Spread | None = None,
    ) -> None:
        self._store = store
        self._views = views
        self._wanted = wanted
        self._moved = moved
        self._positions: dict[int, int] = {}
        self._docs: dict[RowId, str | None] = {}
        self._folds = folds or Spread(QUICK_S)

    async def run(self) -> None:
        """Follow the log until cancelled; wait out an absence of PostgreSQL.

        Raises:
            Exception: what a view raised; the positions stay before the batch in which it did.
        """
        while True:
            try:
                async with self._store.pool.acquire() as connection:
                    await self._follow(connection)
            except DOWN as error:
                if isinstance(error, ValueError):  # a value that cannot be sent, which asyncpg calls the same
                    raise
                log.warning("views.lost", error=str(error))
                await asyncio.sleep(RETRY)

    async def _follow(self, connection: Any) -> None:
        await connection.execute(HABITS)
        await self._take_up(connection)
        target = await self._store.advanced(-1)
        while min(self._positions.values()) < target:
            await self._step(connection)
        await connection.execute(RETIRE, list(self._views))
        while True:
            await self._step(connection)
            with suppress(TimeoutError):
                async with asyncio.timeout(REST):
                    await self._wanted.wait()

    async def _take_up(self, connection: Any) -> None:
        """Learn where the views stand; nothing else that is in memory can be relied on."""
        self._docs.clear()
        rows = await connection.fetch(POSITIONS, list(self._views))
        self._positions = {row["generation"]: row["position"] for row in rows}
        if len(self._positions) < len(self._views):
            raise Superseded("a newer release has taken over views of this service")
        self._moved(self._positions)

    async def _step(self, connection: Any) -> None:
        """Fold what comes next for those views that are furthest behind."""
        after = min(self._positions.values())
        ahead = [position - after for position in self._positions.values() if position > after]
        if not ahead:
            await self._store.advanced(after)
        self._wanted.clear()
        records = await self._store.read(after, min([BATCH, *ahead]))
        if not records:
            return
        began = monotonic()
        views = {g: view for g, view in self._views.items() if self._positions[g] == after}
        touches = touched(views, records)
        await self._load(connection, {id for id, _ in touches})
        changes = fold(views, touches, self._docs)
        if await self._store_changes(connection, list(views), after, records[-1].position, changes):
            self._positions.update(dict.fromkeys(views, records[-1].position))
            self._moved(self._positions)
            self._folds.observe(monotonic() - began)
        else:
            await self._take_up(connection)

    async def _load(self, connection: Any, wanted: set[RowId]) -> None:
        missing = [id for id in wanted if id not in self._docs]
        if len(self._docs) + len(missing) > CACHED_ROWS:
            self._docs.clear()
            missing = list(wanted)
        if not missing:
            return
        rows = await connection.fetch(CURRENT, [id.generation for id in missing], [id.key for id in missing])
        self._docs.update({RowId(row[0], row[1]): row[2] for row in rows})

    async def _store_changes(
        self, connection: Any, generations: list[int], after: int, upto: int, changes: Changes
    ) -> bool:
        states = changes.states
        held = await connection.fetchval(
            ADVANCE,
            generations,
            after,
            upto,
            [id.generation for id in changes.ended],
            [id.key for id in changes.ended],
            list(changes.ended.values()),
            [state.id.generation for state in states],
            [state.id.key for state in states],
            [state.valid_from for state in states],
            [state.valid_to for state in states],
            [state.facets for state in states],
            [state.doc for state in states],
            [state.due_at for state in states],
        )
        return held is not None
