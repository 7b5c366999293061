"""Rebuilding one view: a copy from the beginning of the log, compared with the live one, put in its place."""

from typing import Any

import structlog

from shared.projections.comparing import Comparison, stands
from shared.projections.errors import Lost
from shared.projections.filling import Filling
from shared.projections.pace import Pace
from shared.projections.rebuilds import Rebuild, end, note_compared, note_comparison, note_copy, note_stage
from shared.projections.view import View

BEHIND = 200
"""Events that the copy may be behind when the live generation is locked for the switch: milliseconds."""

LIVE = "SELECT generation FROM views WHERE name = $1 AND version = $2 AND state = 'live'"
DROP_COPIES = "UPDATE views SET state = 'retired' WHERE name = $1 AND version = $2 AND state = 'copy'"
BEGIN_COPY = """
    INSERT INTO views (name, version, facets, tallied, state) VALUES ($1, $2, $3, $4, 'copy')
    RETURNING generation
"""
LOCK = """
    SELECT v.state, least(v.position, h.position) AS position FROM views v, head h
    WHERE generation = ANY($1::integer[]) ORDER BY generation FOR UPDATE OF v
"""
ON_DISK = "SET LOCAL synchronous_commit = on"
"""What is told as ended must not come back after a crash."""

SET_STATE = "UPDATE views SET state = $2 WHERE generation = $1"

log = structlog.get_logger()


class Rebuilding:
    """Carries out one rebuild; after a kill anybody may go on with the same one, from where its copy stands.

    Args:
        connection: with the habits of `advancing.py`; nothing else runs on it.
        view: the rules.
        rebuild: what was asked for.
    """

    def __init__(self, connection: Any, view: View, rebuild: Rebuild) -> None:
        self._connection = connection
        self.view = view
        self._rebuild = rebuild
        self._pace = Pace()
        self._filling: Filling | None = None

    @property
    def position(self) -> int:
        """How far the copy is folded."""
        return self._filling.position if self._filling is not None else 0

    async def carry_out(self) -> None:
        """Carry it out. What the view raises, or what takes the generations away, ends it as failed.

        Raises:
            Exception: of PostgreSQL; then somebody has to go on with it.
        """
        name, version = self.view.name, self.view.version
        live = await self._connection.fetchval(LIVE, name, version)
        try:
            if live is None:
                raise Lost(f"view {name} has no live generation of version {version} any more")
            copy = await self._copy()
            await self._fold(copy)
            differing = await self._compare(live, copy)
            if self._rebuild.check_only:
                await self._throw_away()
            else:
                await self._stage("switching")
                while not await self._switch(live, copy):
                    await self._fold(copy)
        except Lost as lost:
            await self._fail(str(lost))
            return
        log.info("view.rebuilt", view=name, check_only=self._rebuild.check_only, differing=differing)

    async def _copy(self) -> Filling:
        """Go on with the copy of this very rebuild, or begin one; that of another counts for nothing."""
        generation = self._rebuild.copy
        if generation is None:
            async with self._connection.transaction():
                name, version = self.view.name, self.view.version
                await self._connection.execute(DROP_COPIES, name, version)
                generation = await self._connection.fetchval(
                    BEGIN_COPY, name, version, list(self.view.facets), list(self.view.tallied)
                )
                await note_copy(self._connection, self._rebuild, generation)
        copy = self._filling = Filling(self._connection, self.view, generation, self._pace)
        await copy.take_up()
        return copy

    async def _fold(self, copy: Filling) -> None:
        await self._stage("folding")
        await copy.to_head()

    async def _compare(self, live: int, copy: Filling) -> int:
        """Compare as of where the live one stands; what was found is kept. Return what differs."""
        try:
            then = await stands(self._connection, live)
        except LookupError as gone:
            raise Lost(f"view {self.view.name}: {gone}") from gone
        while copy.position < then.position:
            await self._fold(copy)
        await self._stage("comparing")
        comparison = Comparison(self._connection, live, copy.generation, then)

        async def tell(states: int) -> None:
            await note_compared(self._connection, self._rebuild, states)

        await comparison.run(self._pace, tell)
        await note_comparison(self._connection, self._rebuild, comparison.told())
        if comparison.differing:
            log.error("view.differs", view=self.view.name, **comparison.told())
        return comparison.differing

    async def _switch(self, live: int, copy: Filling) -> bool:
        """Put the copy in the live generation's place, where both stand at one position; tell whether it is.

        The live one is locked meanwhile, so that no replica folds it; those that would find it retired.

        Raises:
            Lost: one of them is not what it was.
        """
        async with self._connection.transaction():
            await self._connection.execute(ON_DISK)
            rows = await self._connection.fetch(LOCK, [live, copy.generation])
            if [row["state"] for row in rows] != ["live", "copy"]:
                raise Lost(f"view {self.view.name} was taken over or removed meanwhile")
            behind = rows[0]["position"] - copy.position
            if behind > BEHIND:
                return False
            if behind > 0:
                await copy.at_once(behind)
            await self._connection.execute(SET_STATE, live, "retired")
            await self._connection.execute(SET_STATE, copy.generation, "live")
            await end(self._connection, self._rebuild, "switched")
        return True

    async def _throw_away(self) -> None:
        async with self._connection.transaction():
            await self._connection.execute(ON_DISK)
            await self._connection.execute(DROP_COPIES, self.view.name, self.view.version)
            await end(self._connection, self._rebuild, "checked")

    async def _fail(self, failure: str) -> None:
        """End it as failed, unless it was cancelled: then its copy is retired, and another may have begun."""
        async with self._connection.transaction():
            await self._connection.execute(ON_DISK)
            failed = await end(self._connection, self._rebuild, "failed", failure)
        if failed:
            log.error("view.rebuild-failed", view=self.view.name, failure=failure)

    async def _stage(self, stage: str) -> None:
        await note_stage(self._connection, self._rebuild, stage)
