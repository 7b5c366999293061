"""Asking a generation of a view: one row, a list by key, counts by facets."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

NOW = "valid_to IS NULL"
THEN = "valid_from <= $2 AND (valid_to IS NULL OR valid_to > $2)"


def _held(as_of: int | None) -> tuple[str, list[int]]:
    """Say which states are meant: the current ones, or those that held at a position of the log."""
    return (NOW, []) if as_of is None else (THEN, [as_of])


async def get(pool: Any, generation: int, key: str, as_of: int | None) -> dict[str, Any] | None:
    """Return one row, or None."""
    held, given = _held(as_of)
    doc = await pool.fetchval(
        f"SELECT doc::text FROM view_rows WHERE generation = $1 AND {held} AND key = ${len(given) + 2}",
        generation,
        *given,
        key,
    )
    return None if doc is None else orjson.loads(doc)


async def list_rows(
    pool: Any, generation: int, where: Mapping[str, str], after: str, limit: int, as_of: int | None
) -> list[tuple[str, dict[str, Any]]]:
    """Return rows whose key comes after `after`, ordered by key."""
    held, given = _held(as_of)
    n = len(given) + 2
    rows = await pool.fetch(
        f"SELECT key, doc::text FROM view_rows WHERE generation = $1 AND {held}"
        f" AND key > ${n} AND facets @> ${n + 2}::text::jsonb ORDER BY key LIMIT ${n + 1}",
        generation,
        *given,
        after,
        limit,
        orjson.dumps(dict(where)).decode(),
    )
    return [(row[0], orjson.loads(row[1])) for row in rows]


async def count(
    pool: Any, generation: int, by: Sequence[str], where: Mapping[str, str], as_of: int | None
) -> list[tuple[tuple[str, ...], int]]:
    """Count rows by the values of facets, ordered by them; the empty text where a row has none."""
    held, given = _held(as_of)
    n = len(given) + 2
    values = [f"coalesce(facets ->> ${n + 1 + i}, '')" for i in range(len(by))]
    numbers = ", ".join(str(i + 1) for i in range(len(by)))
    grouped = f" GROUP BY {numbers} ORDER BY {numbers}" if by else ""
    rows = await pool.fetch(
        f"SELECT {', '.join([*values, 'count(*)'])} FROM view_rows"
        f" WHERE generation = $1 AND {held} AND facets @> ${n}::text::jsonb{grouped}",
        generation,
        *given,
        orjson.dumps(dict(where)).decode(),
        *by,
    )
    return [(tuple(row)[:-1], row[-1]) for row in rows]
