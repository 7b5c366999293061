"""The running read models of one service."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, NamedTuple

import orjson
import structlog

from shared.projections import queries
from shared.projections.runner import Log, Runner
from shared.projections.view import View
from shared.telemetry.spread import QUICK_S, Spread

BEGIN = """
    INSERT INTO views (name, version, facets) VALUES ($1, $2, $3)
    ON CONFLICT (name, version) DO UPDATE SET name = excluded.name
    RETURNING generation, facets, position
"""
BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
NOTHING: Mapping[str, str] = MappingProxyType({})

log = structlog.get_logger()


class Due(NamedTuple):
    """A row about which something is due, and when that is."""

    moment: datetime
    key: str
    row: dict[str, Any]


class FacetsChanged(Exception):
    """A view's facets differ from those under which its rows were stored; its version must be raised."""


class Views:
    """Runs a service's views and answers from them.

    `open` first, then `run` as a task. `position` is the position of the log up to which every view is
    folded, `folds` how long its batches took. `alarm` says why the runner has stopped, None while it is well;
    a stopped runner keeps its position, and reads go on from what there is.
    """

    def __init__(self, store: Log, views: Sequence[View]) -> None:
        self.position = 0
        self.alarm: str | None = None
        self.folds = Spread(QUICK_S)
        self._store = store
        self._views = {view.name: view for view in views}
        if len(self._views) < len(views):
            raise ValueError("two views have the same name")
        self._generations: dict[str, int] = {}
        self._moved = asyncio.Event()
        self._wanted = asyncio.Event()

    @property
    def empty(self) -> bool:
        """Whether the service has no view at all."""
        return not self._views

    async def open(self) -> None:
        """Find each view's generation, and begin one for a view or version that is new.

        Raises:
            FacetsChanged: a view's facets changed and its version did not.
        """
        positions: dict[int, int] = {}
        for view in self._views.values():
            row = await self._store.pool.fetchrow(BEGIN, view.name, view.version, list(view.facets))
            if tuple(row["facets"]) != view.facets:
                raise FacetsChanged(f"raise the version of view {view.name}: its facets have changed")
            self._generations[view.name] = row["generation"]
            positions[row["generation"]] = row["position"]
        if positions:
            self._note(positions)

    async def run(self) -> None:
        """Fold until cancelled, or until a view raises: then set the alarm and stop."""
        views = {self._generations[view.name]: view for view in self._views.values()}
        if not views:
            return
        try:
            await Runner(self._store, views, self._wanted, self._note, self.folds).run()
        except Exception as error:
            self.alarm = f"views stopped at position {self.position}: {error!r}"
            log.exception("views.stopped", position=self.position)

    def _note(self, positions: Mapping[int, int]) -> None:
        self.position = min(positions.values())
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    async def wait_for(self, position: int, timeout: float) -> bool:
        """Wait up to `timeout` seconds until every view is folded up to `position`; tell whether it is."""
        try:
            async with asyncio.timeout(timeout):
                while self.position < position:
                    self._wanted.set()
                    await self._moved.wait()
        except TimeoutError:
            return False
        return True

    async def get(self, view: str, key: str, as_of: int | None = None) -> dict[str, Any] | None:
        """Return a row as it is, or as it was at a position of the log."""
        return await queries.get(self._store.pool, self._generations[view], key, as_of)

    async def due(self, view: str, by: datetime, after: Due | None = None, limit: int = 500) -> list[Due]:
        """Return present rows about which something is due by a moment, the earliest first."""
        since = (BEGINNING, "") if after is None else (after.moment, after.key)
        rows = await self._store.pool.fetch(queries.DUE, self._generations[view], by, *since, limit)
        return [Due(row["due_at"], row["key"], orjson.loads(row["doc"])) for row in rows]

    async def list(
        self,
        view: str,
        where: Mapping[str, str] = NOTHING,
        after: str | None = None,
        limit: int = 50,
        as_of: int | None = None,
    ) -> list[tuple[str, dict[str, Any]]]:
        """Return up to `limit` keys and rows that come after `after`, by key, filtered by facets."""
        self._check_facets(view, where)
        generation = self._generations[view]
        return await queries.list_rows(self._store.pool, generation, where, after or "", limit, as_of)

    async def count(
        self, view: str, by: Sequence[str], where: Mapping[str, str] = NOTHING, as_of: int | None = None
    ) -> Sequence[tuple[tuple[str, ...], int]]:
        """Count rows grouped by facets."""
        self._check_facets(view, (*by, *where))
        return await queries.count(self._store.pool, self._generations[view], by, where, as_of)

    async def next_due(self, view: str, after: datetime) -> datetime | None:
        """Return the next moment after another at which something is due, or None."""
        moment: datetime | None = await self._store.pool.fetchval(
            queries.NEXT_DUE, self._generations[view], after
        )
        return moment

    async def beyond(self, position: int) -> int:
        """Wait until every view is folded beyond a position; return where they stand then."""
        while self.position <= position:
            self._wanted.set()
            await self._moved.wait()
        return self.position

    def _check_facets(self, view: str, names: "Sequence[str] | Mapping[str, str]") -> None:
        unknown = [name for name in names if name not in self._views[view].facets]
        if unknown:
            raise ValueError(f"view {view} has no facet {', '.join(unknown)}")
