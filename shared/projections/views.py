"""The running read models of one service."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

import structlog

from shared.projections import queries
from shared.projections.errors import DOWN, SteppedBack, ViewUnfolded
from shared.projections.generations import FacetsChanged, begin, serving
from shared.projections.keeper import Keeper
from shared.projections.rebuilds import Rebuild, ask
from shared.projections.runner import Log, Runner
from shared.projections.view import View
from shared.telemetry.spread import QUICK_S, Spread

__all__ = ["Due", "FacetsChanged", "Views"]

BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
NOTHING: Mapping[str, str] = MappingProxyType({})
MENDED = 1.0
"""Seconds between looks whether a view that raised was rebuilt."""

FOLDED_AGAIN = 5.0
"""Seconds that a reader waits, after a crash of PostgreSQL, for what was folded already."""

T = TypeVar("T")

log = structlog.get_logger()


class Due(NamedTuple):
    """A row about which something is due, and when that is."""

    moment: datetime
    key: str
    row: dict[str, Any]


class Views:
    """Runs a service's views and answers from them.

    `open` first, then `run` as a task. `position` is the position of the log up to which every view is
    folded; 0 while one of them is being filled. After a crash of PostgreSQL it may step back: no answer is of
    rows older than it said when the question came. `folds` is how long its batches took. `alarm` says why the
    runner has stopped, None while it is well; a stopped runner keeps its position, and reads go on from what
    there is.
    """

    def __init__(self, store: Log, views: Sequence[View]) -> None:
        self.position = 0
        self.positions: Mapping[str, int] = {}
        self.alarm: str | None = None
        self.folds = Spread(QUICK_S)
        self._store = store
        self._views = {view.name: view for view in views}
        if len(self._views) < len(views):
            raise ValueError("two views have the same name")
        self._keeper: Keeper | None = None
        self._runner: Runner | None = None
        self._moved = asyncio.Event()
        self._wanted = asyncio.Event()

    @property
    def empty(self) -> bool:
        """Whether the service has no view at all."""
        return not self._views

    def __getitem__(self, name: str) -> View:
        """Return a view by name. Raises KeyError."""
        return self._views[name]

    def __iter__(self) -> Iterator[View]:
        """Go through the views."""
        return iter(self._views.values())

    @property
    def differing(self) -> Mapping[str, int]:
        """States by view in which the last comparison found it different from its rebuild."""
        return self._keeper.differing if self._keeper is not None else {}

    @property
    def rebuilding(self) -> Mapping[str, int]:
        """How far this replica has folded the copy of the view that it rebuilds; empty while it does not."""
        return self._keeper.rebuilding if self._keeper is not None else {}

    @property
    def unready(self) -> str | None:
        """Say why views do not answer, or do not follow; None while all is well."""
        filling = ", ".join(name for name in self._views if name not in self.positions)
        told = self.alarm or (self._keeper.alarm if self._keeper is not None else None)
        return told or (f"being folded from the log: {filling}" if filling else None)

    async def open(self) -> None:
        """Find each view's generation, and begin one for a view or version that is new.

        Raises:
            FacetsChanged: a view's facets changed and its version did not.
        """
        found = {view.name: await begin(self._store.pool, view) for view in self._views.values()}
        self._note({name: one.position for name, one in found.items() if one.live})
        self._keeper = Keeper(self._store.pool, list(self._views.values()))

    async def run(self) -> None:
        """Fold until cancelled. While a view has raised the alarm is set, and it waits for a rebuild."""
        if not self._views:
            return
        assert self._keeper is not None, "open comes first"
        async with asyncio.TaskGroup() as group:
            group.create_task(self._follow())
            group.create_task(self._keeper.run())

    async def _follow(self) -> None:
        while True:
            runner = Runner(self._store, list(self._views.values()), self._wanted, self._note, self.folds)
            self._runner = runner
            try:
                await runner.run()
            except Exception as error:
                self.alarm = f"views stopped at position {self.position}: {error!r}"
                log.exception("views.stopped", position=self.position)
            await asyncio.sleep(MENDED)
            while not await self._is_another(runner.generations):
                await asyncio.sleep(MENDED)
            self.alarm = None

    async def _is_another(self, generations: set[int]) -> bool:
        with suppress(*DOWN):
            found = await serving(self._store.pool, self._views)
            return {one.generation for one in found.values() if one.live} != generations
        return False

    def _note(self, positions: Mapping[str, int]) -> None:
        self.positions = positions
        self.position = min(positions.values(), default=0) if len(positions) == len(self._views) else 0
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    async def rebuild(self, view: str, id: UUID, check_only: bool, by: str) -> Rebuild:
        """Ask for a rebuild of a view, or find the one with this id; some replica carries it out.

        Raises:
            RebuildUnderWay, IdempotencyMismatch, ViewUnfolded: see `rebuilds.ask`.
        """
        rebuild = await ask(self._store.pool, self._views[view], id, check_only, by)
        if self._keeper is not None:
            self._keeper.ask()
        return rebuild

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

    async def _ask(self, view: str, question: Callable[[View, int], Awaitable[T]]) -> T:
        """Ask for rows that are as new as readers were told by now; wait where a crash took some back.

        Raises:
            ViewUnfolded: they are not folded again in time.
        """
        told = self.positions.get(view, 0)
        try:
            return await question(self._views[view], told)
        except SteppedBack as back:
            self._step_back(view, back.folded)
        with suppress(TimeoutError):
            async with asyncio.timeout(FOLDED_AGAIN):
                while self.positions.get(view, 0) < told:
                    self._wanted.set()
                    await self._moved.wait()
        try:
            return await question(self._views[view], told)
        except SteppedBack:
            raise ViewUnfolded(view=view) from None

    def _step_back(self, view: str, folded: int) -> None:
        log.warning("views.stepped-back", view=view, told=self.positions.get(view, 0), position=folded)
        if view in self.positions:
            self._note({**self.positions, view: min(folded, self.positions[view])})
        if self._runner is not None:
            self._runner.doubt()

    async def get(self, view: str, key: str, as_of: int | None = None) -> dict[str, Any] | None:
        """Return a row as it is, or as it was at a position of the log."""
        pool = self._store.pool
        return await self._ask(view, lambda asked, told: queries.get(pool, asked, told, key, as_of))

    async def due(self, view: str, by: datetime, after: Due | None = None, limit: int = 500) -> list[Due]:
        """Return present rows about which something is due by a moment, the earliest first."""
        since = (BEGINNING, "") if after is None else (after.moment, after.key)
        pool = self._store.pool
        rows = await self._ask(view, lambda asked, told: queries.due(pool, asked, told, by, since, limit))
        return [Due(*row) for row in rows]

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
        pool, since = self._store.pool, after or ""
        return await self._ask(
            view, lambda asked, told: queries.list_rows(pool, asked, told, where, since, limit, as_of)
        )

    async def count(
        self, view: str, by: Sequence[str], where: Mapping[str, str] = NOTHING, as_of: int | None = None
    ) -> Sequence[tuple[tuple[str, ...], int]]:
        """Count rows grouped by facets."""
        self._check_facets(view, (*by, *where))
        pool = self._store.pool
        return await self._ask(view, lambda asked, told: queries.count(pool, asked, told, by, where, as_of))

    async def next_due(self, view: str, after: datetime) -> datetime | None:
        """Return the next moment after another at which something is due, or None."""
        pool = self._store.pool
        return await self._ask(view, lambda asked, told: queries.next_due(pool, asked, told, after))

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
