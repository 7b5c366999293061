"""Generations of views: which one is read and followed, and who still uses a version."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from shared.projections.view import View

BEGIN = """
    INSERT INTO views (name, version, facets, tallied, state)
    SELECT $1, $2, $3, $4, CASE WHEN position = 0 THEN 'live' ELSE 'filling' END FROM head
    ON CONFLICT (name, version) WHERE state IN ('filling', 'live') DO UPDATE SET name = excluded.name
    RETURNING generation, facets, tallied, position, state
"""
OURS = "unnest($1::text[], $2::integer[]) AS ours (name, version)"
SERVING = f"""
    SELECT name, generation, position, state = 'live' AS live
    FROM views JOIN {OURS} USING (name, version) WHERE state IN ('filling', 'live')
"""
KEY = "hashtextextended('tanfidh/view/' || current_schema || '/' || name || '/' || version, 0)"
USE = f"SELECT pg_advisory_lock_shared({KEY}) FROM (SELECT * FROM {OURS} ORDER BY name) AS used"
USED = f"""
    SELECT NOT pg_try_advisory_xact_lock({KEY})
    FROM (SELECT $1::text AS name, $2::integer AS version) AS asked
"""


class FacetsChanged(Exception):
    """A view's facets, or those that it tallies, are not those of its stored rows; raise its version."""


class Serving(NamedTuple):
    """Where a generation that serves stands; it is read only once it is live."""

    generation: int
    position: int
    live: bool


def named(views: Iterable[View]) -> tuple[list[str], list[int]]:
    """The names and versions of views, as statements take them."""
    known = list(views)
    return [view.name for view in known], [view.version for view in known]


async def begin(connection: Any, view: View) -> Serving:
    """Find the generation of a view that serves, or begin one: of an empty log it is live at once.

    Raises:
        FacetsChanged: the view's facets changed and its version did not.
    """
    row = await connection.fetchrow(BEGIN, view.name, view.version, list(view.facets), list(view.tallied))
    if (tuple(row["facets"]), tuple(row["tallied"])) != (view.facets, view.tallied):
        raise FacetsChanged(f"raise the version of view {view.name}: its facets have changed")
    return Serving(row["generation"], row["position"], row["state"] == "live")


async def serving(connection: Any, views: Mapping[str, View]) -> dict[str, Serving]:
    """Find the generations that serve, by the views' names."""
    rows = await connection.fetch(SERVING, *named(views.values()))
    return {row["name"]: Serving(row["generation"], row["position"], row["live"]) for row in rows}


async def use(connection: Any, views: Iterable[View]) -> None:
    """Say that these versions are in use, for as long as the connection lives."""
    await connection.execute(USE, *named(views))


async def is_used(connection: Any, name: str, version: int) -> bool:
    """Whether any replica says that it uses a version; if not, nobody can until the transaction ends."""
    used: bool = await connection.fetchval(USED, name, version)
    return used
