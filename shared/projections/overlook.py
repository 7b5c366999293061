"""Where every view stands, for operators: how far it is folded, how many rows it has, who rebuilds it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.projections.rebuilds import Rebuild, newest
from shared.projections.view import View

_STANDS = """
    SELECT h.position AS head, v.generation, v.state, coalesce(v.position, 0) AS position,
        (SELECT recorded_at FROM events e WHERE e.position = coalesce(v.position, 0) + 1) AS behind_since,
        (SELECT count(*) FROM view_rows r WHERE r.generation = v.generation AND r.valid_to IS NULL) AS rows
    FROM head h LEFT JOIN views v ON v.name = $1 AND v.version = $2 AND v.state IN ('filling', 'live')
"""
_OTHERS = """
    SELECT DISTINCT version FROM views WHERE name = $1 AND version <> $2 AND state <> 'retired'
    ORDER BY version
"""


@dataclass(frozen=True, slots=True)
class Stand:
    """Where one view stands. `behind_since` is when the first event was recorded that is not folded yet.

    `other_versions` are those that replicas of another release use, or used until lately.
    """

    view: View
    live: bool
    generation: int | None
    position: int
    head: int
    behind_since: datetime | None
    rows: int
    rebuild: Rebuild | None
    other_versions: list[int]


async def overlook(pool: Any, view: View) -> Stand:
    """Look where a view stands; its rows are counted."""
    row = await pool.fetchrow(_STANDS, view.name, view.version)
    others = await pool.fetch(_OTHERS, view.name, view.version)
    return Stand(
        view=view,
        live=row["state"] == "live",
        generation=row["generation"],
        position=row["position"],
        head=row["head"],
        behind_since=row["behind_since"],
        rows=row["rows"],
        rebuild=await newest(pool, view),
        other_versions=[other["version"] for other in others],
    )
