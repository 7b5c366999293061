"""The keeper of a service's views: fills new ones, rebuilds those that are asked for, removes leftovers.

Of all replicas one works at a time. The seat belongs to the very connection on which the work is done, so
that it is free once the work can go on no longer; and every step is fenced by the positions and states of
the generations.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from time import monotonic
from types import MappingProxyType
from typing import Any

import structlog

from shared.projections.advancing import HABITS
from shared.projections.errors import Lost, is_down, is_full
from shared.projections.filling import fill
from shared.projections.generations import OURS, named, serving
from shared.projections.pace import Pace
from shared.projections.rebuilding import Rebuilding
from shared.projections.rebuilds import Rebuild, end, next_of
from shared.projections.retiring import OlderVersions, remove_leftovers
from shared.projections.view import View

LOOK = 1.0
"""Seconds between looks for work."""

AGAIN = 10.0
"""Seconds after which what failed is tried again."""

SEAT = "SELECT pg_try_advisory_lock(hashtextextended('tanfidh/views/' || current_schema, 0))"
WORK = f"""
    SELECT EXISTS (SELECT FROM view_rebuilds JOIN {OURS} USING (name, version) WHERE ended_at IS NULL)
        OR EXISTS (SELECT FROM views JOIN {OURS} USING (name, version) WHERE state = 'filling')
        OR EXISTS (SELECT FROM views v JOIN {OURS} ON ours.name = v.name AND v.version < ours.version)
        OR EXISTS (SELECT FROM views WHERE state = 'retired')
        OR EXISTS (SELECT FROM views v WHERE state = 'copy' AND NOT EXISTS (
            SELECT FROM view_rebuilds WHERE copy = v.generation AND ended_at IS NULL))
"""
DIFFERING = f"""
    SELECT DISTINCT ON (name) name, (comparison ->> 'differing')::bigint AS differing
    FROM view_rebuilds JOIN {OURS} USING (name, version)
    WHERE comparison IS NOT NULL AND ended_at IS NOT NULL ORDER BY name, number DESC
"""

log = structlog.get_logger()


class Keeper:
    """Looks after the generations of views, until cancelled.

    `differing` counts, by view, the states in which the last comparison found the live generation different
    from its rebuild.

    Args:
        pool: connections whose search_path is the service's schema.
        views: the service's views.
    """

    def __init__(self, pool: Any, views: Sequence[View]) -> None:
        self.differing: Mapping[str, int] = MappingProxyType({})
        self._pool = pool
        self._views = {view.name: view for view in views}
        self._ours = named(views)
        self._older = OlderVersions()
        self._asked = asyncio.Event()
        self._rebuilding: Rebuilding | None = None
        self._failure: str | None = None
        self._unfilled: dict[str, str] = {}
        self._again: dict[str, float] = {}

    @property
    def unfilled(self) -> str | None:
        """Which views cannot be filled, and what they raised; the others are looked after all the same."""
        told = "; ".join(f"{name}: {error}" for name, error in self._unfilled.items())
        return f"views cannot be filled: {told}" if told else None

    @property
    def alarm(self) -> str | None:
        """What somebody must see to; None while all is well."""
        return self._failure or self.unfilled

    @property
    def rebuilding(self) -> Mapping[str, int]:
        """The view that is rebuilt here, and how far its copy is folded."""
        now = self._rebuilding
        return {} if now is None else {now.view.name: now.position}

    def ask(self) -> None:
        """Have it look for work at once."""
        self._asked.set()

    async def run(self) -> None:
        """Look for work and do it; what fails is tried again."""
        while True:
            try:
                if await self._pool.fetchval(WORK, *self._ours):
                    async with self._pool.acquire() as connection:
                        await self._work(connection)
                else:
                    self._unfilled.clear()
                rows = await self._pool.fetch(DIFFERING, *self._ours)
                self.differing = {row["name"]: row["differing"] for row in rows}
                self._failure = None
            except Exception as error:
                self._older.forget()
                if is_full(error):
                    self._failure = f"PostgreSQL has no room for views: {error}"
                    log.error("views.no-room", error=str(error))
                elif is_down(error) or isinstance(error, Lost):
                    log.warning("views.keeper-lost", error=str(error))
                else:
                    self._failure = f"views cannot be looked after: {error!r}"
                    log.exception("views.keeper-failed")
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK if self._failure is None else AGAIN):
                    await self._asked.wait()
            self._asked.clear()

    async def _work(self, connection: Any) -> None:
        """Do all that there is to do, unless another replica does."""
        connection.lend_session()
        if not await connection.fetchval(SEAT):
            return
        await connection.execute(HABITS)
        pace = Pace()
        await remove_leftovers(connection, pace)  # what comes next may need the room
        for name, found in (await serving(connection, self._views)).items():
            if not found.live and monotonic() >= self._again.get(name, 0.0):
                await self._fill(connection, self._views[name], found.generation, pace)
        while (rebuild := await next_of(connection, *self._ours)) is not None:
            await self._rebuild(connection, rebuild)
        await remove_leftovers(connection, pace)
        await self._older.retire(connection, list(self._views.values()))

    async def _fill(self, connection: Any, view: View, generation: int, pace: Pace) -> None:
        """Fill a view; where it raises, there is an alarm, and the others are not held up."""
        try:
            await fill(connection, view, generation, pace)
        except Exception as error:
            if is_down(error) or isinstance(error, Lost):
                raise
            self._unfilled[view.name] = repr(error)
            self._again[view.name] = monotonic() + AGAIN
            log.exception("views.keeper-failed", view=view.name)
        else:
            self._unfilled.pop(view.name, None)

    async def _rebuild(self, connection: Any, rebuild: Rebuild) -> None:
        self._rebuilding = Rebuilding(connection, self._views[rebuild.name], rebuild)
        try:
            await self._rebuilding.carry_out()
        except Exception as error:
            if is_down(error):
                raise
            log.exception("view.rebuild-failed", view=rebuild.name)
            await end(connection, rebuild, "failed", f"the view raised {type(error).__name__}; see the log")
        finally:
            self._rebuilding = None
