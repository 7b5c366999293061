"""Asking a view: one row, a list by key, counts by facets.

Each question finds the live generation in its own statement, so that it reads one generation as of one
moment, whatever is switched or removed meanwhile. `told` is how far readers were told that the view is
folded before they asked: a crash of PostgreSQL may have taken some of that back, and older rows would not be
what they were promised.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from shared.projections.errors import SteppedBack, ViewUnfolded
from shared.projections.view import View

_ASKED = """
    SELECT v.position AS folded, r.* FROM views v LEFT JOIN LATERAL ({rows}) r ON true
    WHERE v.name = $1 AND v.version = $2 AND v.state = 'live'
"""
_PRESENT = "generation = v.generation AND valid_to IS NULL"


class _Asked:
    """A condition on states of rows, and the values of its placeholders."""

    def __init__(self, view: View, told: int, as_of: int | None, where: Mapping[str, str]) -> None:
        self._view = view
        self._told = told
        self._as_of = as_of
        self._values: list[Any] = [view.name, view.version]
        self.condition = _PRESENT
        if as_of is not None:
            then = self.given(as_of)
            self.condition = (
                f"generation = v.generation AND valid_from <= {then}"
                f" AND (valid_to IS NULL OR valid_to > {then})"
            )
        if where:
            self.condition += f" AND facets @> {self.given(orjson.dumps(dict(where)).decode())}::text::jsonb"

    def given(self, value: Any) -> str:
        """Add a value; return its placeholder."""
        self._values.append(value)
        return f"${len(self._values)}"

    async def answer(self, pool: Any, rows: str, order: str = "") -> list[Any]:
        """Ask for rows; the first column is how far the view is folded, the others are None where none is.

        Raises:
            ViewUnfolded: the view has no live generation, or not so far.
            SteppedBack: it is not folded any more as far as readers were told.
        """
        found: list[Any] = await pool.fetch(_ASKED.format(rows=rows) + order, *self._values)
        if found and found[0]["folded"] < self._told:
            raise SteppedBack(found[0]["folded"])
        if not found or (self._as_of is not None and found[0]["folded"] < self._as_of):
            raise ViewUnfolded(view=self._view.name)
        return found


async def get(pool: Any, view: View, told: int, key: str, as_of: int | None) -> dict[str, Any] | None:
    """Return one row, or None."""
    asked = _Asked(view, told, as_of, {})
    rows = f"SELECT doc::text FROM view_rows WHERE {asked.condition} AND key = {asked.given(key)}"
    doc = (await asked.answer(pool, rows))[0]["doc"]
    return None if doc is None else orjson.loads(doc)


async def list_rows(
    pool: Any, view: View, told: int, where: Mapping[str, str], after: str, limit: int, as_of: int | None
) -> list[tuple[str, dict[str, Any]]]:
    """Return rows whose key comes after `after`, ordered by key."""
    asked = _Asked(view, told, as_of, where)
    rows = (
        f"SELECT key, doc::text FROM view_rows WHERE {asked.condition} AND key > {asked.given(after)}"
        f" ORDER BY key LIMIT {asked.given(limit)}"
    )
    found = await asked.answer(pool, rows, "ORDER BY r.key")
    return [(row["key"], orjson.loads(row["doc"])) for row in found if row["key"] is not None]


async def count(
    pool: Any, view: View, told: int, by: Sequence[str], where: Mapping[str, str], as_of: int | None
) -> list[tuple[tuple[str, ...], int]]:
    """Count rows by the values of facets, ordered by them; the empty text where a row has none."""
    asked = _Asked(view, told, as_of, where)
    columns = [f"coalesce(facets ->> {asked.given(name)}, '') AS c{n}" for n, name in enumerate(by)]
    numbers = ", ".join(str(number) for number in range(1, len(by) + 1))
    rows = f"SELECT {', '.join([*columns, 'count(*) AS rows'])} FROM view_rows WHERE {asked.condition}"
    order = ""
    if by:
        rows += f" GROUP BY {numbers}"
        order = "ORDER BY " + ", ".join(f"r.c{n}" for n in range(len(by)))
    found = await asked.answer(pool, rows, order)
    return [(tuple(row)[1:-1], row["rows"]) for row in found if row["rows"] is not None]


async def due(
    pool: Any, view: View, told: int, by: datetime, since: tuple[datetime, str], limit: int
) -> list[tuple[datetime, str, dict[str, Any]]]:
    """Return present rows about which something is due by a moment, after a moment and key."""
    asked = _Asked(view, told, None, {})
    rows = (
        f"SELECT due_at, key, doc::text FROM view_rows WHERE {_PRESENT} AND due_at <= {asked.given(by)}"
        f" AND (due_at, key) > ({asked.given(since[0])}, {asked.given(since[1])})"
        f" ORDER BY due_at, key LIMIT {asked.given(limit)}"
    )
    found = await asked.answer(pool, rows, "ORDER BY r.due_at, r.key")
    return [
        (row["due_at"], row["key"], orjson.loads(row["doc"])) for row in found if row["due_at"] is not None
    ]


async def next_due(pool: Any, view: View, told: int, after: datetime) -> datetime | None:
    """Return the next moment after another at which something is due, or None."""
    asked = _Asked(view, told, None, {})
    rows = (
        f"SELECT due_at FROM view_rows WHERE {_PRESENT} AND due_at > {asked.given(after)}"
        " ORDER BY due_at LIMIT 1"
    )
    moment: datetime | None = (await asked.answer(pool, rows))[0]["due_at"]
    return moment
