"""Removing generations that nobody reads any more, and versions that no replica uses any more."""

from time import monotonic
from typing import Any

from shared.projections.generations import is_used
from shared.projections.pace import Pace
from shared.projections.view import View

GRACE = 60.0
"""Seconds for which a version must be seen unused: a replica that lost its connection is back in a second."""

CHUNK = 2_000
"""States that are removed in one statement."""

ABANDONED = """
    UPDATE views v SET state = 'retired' WHERE state = 'copy'
    AND NOT EXISTS (SELECT FROM view_rebuilds WHERE copy = v.generation AND ended_at IS NULL)
"""
RETIRED = "SELECT generation FROM views WHERE state = 'retired'"
REMOVE = """
    DELETE FROM view_rows WHERE ctid = ANY (ARRAY (SELECT ctid FROM view_rows WHERE generation = $1 LIMIT $2))
"""
REMOVE_TALLIES = """
    DELETE FROM view_tallies WHERE ctid = ANY (
        ARRAY (SELECT ctid FROM view_tallies WHERE generation = $1 LIMIT $2)
    )
"""
FORGET = "DELETE FROM views WHERE generation = $1 AND state = 'retired'"
OLDER = """
    SELECT DISTINCT v.name, v.version
    FROM views v JOIN unnest($1::text[], $2::integer[]) AS ours (name, version) ON ours.name = v.name
    WHERE v.version < ours.version AND v.state <> 'retired' AND EXISTS (
        SELECT FROM views w WHERE w.name = ours.name AND w.version = ours.version AND w.state = 'live'
    )
"""
RETIRE_VERSION = "UPDATE views SET state = 'retired' WHERE name = $1 AND version = $2"
END_REBUILDS = """
    UPDATE view_rebuilds
    SET stage = 'ended', outcome = 'failed', failure = 'a newer version took over',
        ended_at = clock_timestamp()
    WHERE name = $1 AND version = $2 AND ended_at IS NULL
"""


async def remove_leftovers(connection: Any, pace: Pace) -> None:
    """Remove what is retired, some states at a time, and copies that no rebuild goes on with.

    A question that still reads a retired generation sees its own snapshot to the end.
    """
    await connection.execute(ABANDONED)
    for row in await connection.fetch(RETIRED):
        for remove in (REMOVE, REMOVE_TALLIES):
            while await connection.execute(remove, row["generation"], CHUNK) != "DELETE 0":
                await pace.breathe()
        await connection.execute(FORGET, row["generation"])


class OlderVersions:
    """Versions that a newer one, which is live, has taken over from: retired once no replica uses them."""

    def __init__(self) -> None:
        self._unused_since: dict[tuple[str, int], float] = {}

    def forget(self) -> None:
        """Let the grace begin anew: how it was meanwhile is not known."""
        self._unused_since.clear()

    async def retire(self, connection: Any, views: list[View]) -> None:
        """Retire those that have been unused all through the grace."""
        older = await connection.fetch(OLDER, [view.name for view in views], [view.version for view in views])
        for name, version in older:
            if await is_used(connection, name, version):
                self._unused_since.pop((name, version), None)
            elif monotonic() - self._unused_since.setdefault((name, version), monotonic()) >= GRACE:
                await _retire(connection, name, version)


async def _retire(connection: Any, name: str, version: int) -> None:
    """Whoever begins to use the version meanwhile waits, and finds it gone: then he begins it anew."""
    async with connection.transaction():
        if not await is_used(connection, name, version):
            await connection.execute(RETIRE_VERSION, name, version)
            await connection.execute(END_REBUILDS, name, version)
