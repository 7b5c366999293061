"""The running read models of one service."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from uuid import UUID

import structlog

from shared.projections.advancing import CACHED_ROWS
from shared.projections.answers import Answers, Due
from shared.projections.errors import DOWN
from shared.projections.generations import FacetsChanged, begin, serving
from shared.projections.keeper import Keeper
from shared.projections.rebuilds import Rebuild, ask, cancel
from shared.projections.runner import Log, Runner
from shared.projections.view import View
from shared.telemetry.spread import QUICK_S, Spread

__all__ = ["Due", "FacetsChanged", "Views"]

MENDED = 1.0
"""Seconds between looks whether a view that raised was rebuilt."""

log = structlog.get_logger()


class Views(Answers):
    """Runs a service's views and answers from them.

    `open` first, then `run` as a task. `folds` is how long its batches took.
    """

    def __init__(self, store: Log, views: Sequence[View], cached: int = CACHED_ROWS) -> None:
        super().__init__(store, views)
        self._cached = cached
        self._stopped: str | None = None
        self.folds = Spread(QUICK_S)
        self._keeper: Keeper | None = None
        self._runner: Runner | None = None

    @property
    def differing(self) -> Mapping[str, int]:
        """States by view in which the last comparison found it different from its rebuild."""
        return self._keeper.differing if self._keeper is not None else {}

    @property
    def rebuilding(self) -> Mapping[str, int]:
        """How far this replica has folded the copy of the view that it rebuilds; empty while it does not."""
        return self._keeper.rebuilding if self._keeper is not None else {}

    @property
    def alarm(self) -> str | None:
        """Say what somebody must see to, None while all is well.

        A stopped runner keeps its position, and reads go on from what there is.
        """
        return self._unfollowed or (self._keeper.alarm if self._keeper is not None else None)

    @property
    def _unfollowed(self) -> str | None:
        return self._stopped or (self._runner.alarm if self._runner is not None else None)

    @property
    def unready(self) -> str | None:
        """Say why views do not answer, or do not follow; None while all is well."""
        filling = ", ".join(name for name in self._views if name not in self.positions)
        told = self._unfollowed or (self._keeper.unfilled if self._keeper is not None else None)
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
            runner = Runner(
                self._store,
                list(self._views.values()),
                self._wanted,
                self._note,
                self.folds,
                self._cached,
            )
            self._runner = runner
            try:
                await runner.run()
            except Exception as error:
                self._stopped = f"views stopped at position {self.position}: {error!r}"
                log.exception("views.stopped", position=self.position)
            await asyncio.sleep(MENDED)
            while not await self._is_another(runner.generations):
                await asyncio.sleep(MENDED)
            self._stopped = None

    async def _is_another(self, generations: set[int]) -> bool:
        with suppress(*DOWN):
            found = await serving(self._store.pool, self._views)
            return {one.generation for one in found.values() if one.live} != generations
        return False

    async def rebuild(self, view: str, id: UUID, check_only: bool, by: str) -> Rebuild:
        """Ask for a rebuild of a view, or find the one with this id; some replica carries it out.

        Raises:
            RebuildUnderWay, IdempotencyMismatch, ViewUnfolded: see `rebuilds.ask`.
        """
        rebuild = await ask(self._store.pool, self._views[view], id, check_only, by)
        if self._keeper is not None:
            self._keeper.ask()
        return rebuild

    async def cancel(self, view: str, id: UUID, by: str) -> Rebuild | None:
        """End a rebuild before it is done, and remove its copy; None where there is none with this id."""
        rebuild = await cancel(self._store.pool, self._views[view], id, by)
        if self._keeper is not None:
            self._keeper.ask()
        return rebuild

    def _doubt(self) -> None:
        if self._runner is not None:
            self._runner.doubt()
