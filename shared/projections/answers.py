"""Answers from the views of one service, none older than what readers were told before they asked."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

import structlog

from shared.projections import queries
from shared.projections.errors import SteppedBack, ViewUnfolded
from shared.projections.runner import Log
from shared.projections.view import View

BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
NOTHING: Mapping[str, str] = MappingProxyType({})
FOLDED_AGAIN = 5.0
"""Seconds that a reader waits, after a crash of PostgreSQL, for what was folded already."""

T = TypeVar("T")

log = structlog.get_logger()


class Due(NamedTuple):
    """A row about which something is due, and when that is."""

    moment: datetime
    key: str
    row: dict[str, Any]


class Answers(ABC):
    """Knows how far the views are folded, and answers from them.

    `position` is the position of the log up to which every view is folded; 0 while one of them is being
    filled. After a crash of PostgreSQL it may step back: no answer is of rows older than it said when the
    question came.
    """

    def __init__(self, store: Log, views: Sequence[View]) -> None:
        self.position = 0
        self.positions: Mapping[str, int] = {}
        self._store = store
        self._views = {view.name: view for view in views}
        if len(self._views) < len(views):
            raise ValueError("two views have the same name")
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

    async def beyond(self, position: int) -> int:
        """Wait until every view is folded beyond a position; return where they stand then."""
        while self.position <= position:
            self._wanted.set()
            await self._moved.wait()
        return self.position

    @abstractmethod
    def _doubt(self) -> None:
        """Have it looked up where the views stand."""

    def _note(self, positions: Mapping[str, int]) -> None:
        self.positions = positions
        self.position = min(positions.values(), default=0) if len(positions) == len(self._views) else 0
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

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
        self._doubt()

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

    def _check_facets(self, view: str, names: "Sequence[str] | Mapping[str, str]") -> None:
        unknown = [name for name in names if name not in self._views[view].facets]
        if unknown:
            raise ValueError(f"view {view} has no facet {', '.join(unknown)}")
