"""Rebuilds that were asked for, how far they are, and what became of them: the table `view_rebuilds`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from shared.eventstore.errors import IdempotencyMismatch
from shared.projections.errors import Lost, RebuildUnderWay, ViewUnfolded
from shared.projections.view import View

_COLUMNS = """
    id, name, version, check_only, asked_by, asked_at, copy, stage, compared, comparison::text, outcome,
    failure, ended_at, (SELECT position FROM views WHERE generation = copy AND ended_at IS NULL) AS folded
"""
_ASK = f"""
    INSERT INTO view_rebuilds (id, name, version, check_only, asked_by)
    SELECT $1, name, version, $4, $5 FROM views WHERE name = $2 AND version = $3 AND state = 'live'
    ON CONFLICT DO NOTHING RETURNING {_COLUMNS}
"""
_BY_ID = f"SELECT {_COLUMNS} FROM view_rebuilds WHERE id = $1"
_NEWEST = f"""
    SELECT {_COLUMNS} FROM view_rebuilds WHERE name = $1 AND version = $2 ORDER BY number DESC LIMIT 1
"""
_NEXT = f"""
    SELECT {_COLUMNS} FROM view_rebuilds JOIN unnest($1::text[], $2::integer[]) AS ours (name, version)
    USING (name, version) WHERE ended_at IS NULL ORDER BY number LIMIT 1
"""
_END = """
    UPDATE view_rebuilds SET stage = 'ended', outcome = $2, failure = $3, ended_at = clock_timestamp()
    WHERE id = $1 AND ended_at IS NULL RETURNING id
"""
_RETIRE_COPY = """
    UPDATE views SET state = 'retired'
    WHERE state = 'copy' AND generation = (SELECT copy FROM view_rebuilds WHERE id = $1 AND ended_at IS NULL)
"""
_NOTE = "UPDATE view_rebuilds SET {} = $2{} WHERE id = $1 AND ended_at IS NULL RETURNING id"


@dataclass(frozen=True, slots=True)
class Rebuild:
    """One rebuild. `folded` is how far its copy is, while it is under way.

    `comparison` says as of which position both generations were compared, how many states each had, the
    digest over them, how many states and tallies differ, how many of these are tallies (None where that was
    kept before they were told apart), and the first of these.
    """

    id: UUID
    name: str
    version: int
    check_only: bool
    asked_by: str
    asked_at: datetime
    copy: int | None
    stage: str
    compared: int
    comparison: dict[str, Any] | None
    outcome: str | None
    failure: str | None
    ended_at: datetime | None
    folded: int | None


async def ask(pool: Any, view: View, id: UUID, check_only: bool, by: str) -> Rebuild:
    """Ask for a rebuild; the same id again finds the same one.

    Raises:
        RebuildUnderWay: another one is.
        IdempotencyMismatch: the id belongs to another request.
        ViewUnfolded: there is nothing yet beside which it could be rebuilt.
    """
    asked = await _one(pool, _ASK, id, view.name, view.version, check_only, by)
    if asked is not None:
        return asked
    same = await _one(pool, _BY_ID, id)
    if same is not None:
        if (same.name, same.check_only) != (view.name, check_only):
            raise IdempotencyMismatch()
        return same
    under_way = await newest(pool, view)
    if under_way is not None and under_way.ended_at is None:
        raise RebuildUnderWay(
            view=view.name, id=str(under_way.id), stage=under_way.stage, asked_by=under_way.asked_by
        )
    raise ViewUnfolded(view=view.name)


async def newest(pool: Any, view: View) -> Rebuild | None:
    """Find the rebuild of a view that was asked for last, under its present version."""
    return await _one(pool, _NEWEST, view.name, view.version)


async def find(pool: Any, view: View, id: UUID) -> Rebuild | None:
    """Find a rebuild of a view by its id."""
    found = await _one(pool, _BY_ID, id)
    return found if found is not None and found.name == view.name else None


async def cancel(pool: Any, view: View, id: UUID, by: str) -> Rebuild | None:
    """End a rebuild as cancelled and let its copy be removed; one that has ended already is left as it is."""
    if await find(pool, view, id) is None:
        return None
    async with pool.acquire() as connection, connection.transaction():
        # in the order of whoever carries it out: generations first
        await connection.execute(_RETIRE_COPY, id)
        await connection.fetchval(_END, id, "cancelled", f"cancelled by {by}")
    return await find(pool, view, id)


async def next_of(pool: Any, names: list[str], versions: list[int]) -> Rebuild | None:
    """Find the rebuild that was asked for first, of those that have not ended."""
    return await _one(pool, _NEXT, names, versions)


async def note_stage(connection: Any, rebuild: Rebuild, stage: str) -> None:
    """Tell what is being done. Raises Lost where it has ended."""
    await _note(connection, "stage", "", rebuild, stage)


async def note_compared(connection: Any, rebuild: Rebuild, states: int) -> None:
    """Tell how many states were compared. Raises Lost where it has ended."""
    await _note(connection, "compared", "", rebuild, states)


async def note_comparison(connection: Any, rebuild: Rebuild, comparison: dict[str, Any]) -> None:
    """Keep what the comparison found. Raises Lost where it has ended."""
    await _note(connection, "comparison", "::text::json", rebuild, orjson.dumps(comparison).decode())


async def note_copy(connection: Any, rebuild: Rebuild, generation: int) -> None:
    """Tell which generation its copy is. Raises Lost where it has ended."""
    await _note(connection, "copy", "", rebuild, generation)


async def end(connection: Any, rebuild: Rebuild, outcome: str, failure: str | None = None) -> bool:
    """Keep what became of it; tell whether it had not ended before."""
    return await connection.fetchval(_END, rebuild.id, outcome, failure) is not None


async def _note(connection: Any, column: str, cast: str, rebuild: Rebuild, value: Any) -> None:
    if await connection.fetchval(_NOTE.format(column, cast), rebuild.id, value) is None:
        raise Lost(f"the rebuild of view {rebuild.name} was cancelled or ended by somebody else")


async def _one(pool: Any, statement: str, *values: Any) -> Rebuild | None:
    row = await pool.fetchrow(statement, *values)
    if row is None:
        return None
    fields = dict(row)
    comparison = fields["comparison"]
    if comparison is not None:
        fields["comparison"] = {"differing_tallies": None, **orjson.loads(comparison)}
    return Rebuild(**fields)
