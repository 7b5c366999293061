"""Asking a view: one row, a list by key, counts by facets.

Each question finds the live generation in its own statement, so that it reads one generation as of one
moment, whatever is switched or removed meanwhile. `told` is how far readers were told that the view is
folded before they asked: a crash of PostgreSQL may have taken some of that back, and older rows would not be
what they were promised.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib.resources import files
from typing import Any

import orjson

from shared.projections.errors import SteppedBack, ViewUnfolded
from shared.projections.view import View

_ASKED = """
    SELECT v.position AS folded, r.* FROM views v LEFT JOIN LATERAL ({rows}) r ON true
    WHERE v.name = $1 AND v.version = $2 AND v.state = 'live'
"""
_PRESENT = "generation = v.generation AND valid_to IS NULL"
_TALLIED = (files("shared.projections") / "sql" / "tallied.sql").read_text(encoding="utf-8")


class _Asked:
    """A condition on states of rows, and the values of its placeholders."""

    def __init__(self, view: View, told: int, as_of: int | None, where: Mapping[str, str]) -> None:
        self._view = view
        self._told = told
        self._as_of = as_of
        self._values: list[Any] = [view.name, view.version]
        self.condition = _PRESENT
        self.then = None if as_of is None else self.given(as_of)
        if self.then is not None:
            self.condition = (
                f"generation = v.generation AND valid_from <= {self.then}"
                f" AND (valid_to IS NULL OR valid_to > {self.then})"
            )
        if where:
            self.condition += f" AND facets @> {self.given(orjson.dumps(dict(where)).decode())}::text::jsonb"

    def facet(self, name: str, tallied: bool) -> str:
        """Add what a facet is found by: its name, or its place among those that are tallied."""
        return f"{self.given(self._view.tallied.index(name))}::integer" if tallied else self.given(name)

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
    """Count rows by the values of facets, ordered by them; the empty text where a row has none.

    Where the view tallies these facets the tallies are summed, and no row is read.
    """
    tallied = bool(view.tallied) and {*by, *where} <= {*view.tallied}
    asked = _Asked(view, told, as_of, {} if tallied else where)
    source, number = f"view_rows WHERE {asked.condition}", "count(*)"
    if tallied:
        source, number = _tallies(asked, where), "sum(rows)::bigint"
    columns = [f"coalesce(facets ->> {asked.facet(name, tallied)}, '') AS c{n}" for n, name in enumerate(by)]
    rows = f"SELECT {', '.join([*columns, f'{number} AS rows'])} FROM {source}"
    order = ""
    if by:
        rows += f" GROUP BY {', '.join(str(number) for number in range(1, len(by) + 1))}"
        order = "ORDER BY " + ", ".join(f"r.c{n}" for n in range(len(by)))
    found = await asked.answer(pool, rows, order)
    return (
        [(tuple(row)[1:-1], row["rows"]) for row in found if row["rows"]]
        if by
        else [((), found[0]["rows"] or 0)]
    )


def _tallies(asked: _Asked, where: Mapping[str, str]) -> str:
    """The numbers of rows, with the values of their facets as a JSON array."""
    upto = "" if asked.then is None else f"AND position <= {asked.then}"
    conditions = [
        f"facets ->> {asked.facet(name, True)} = {asked.given(value)}" for name, value in where.items()
    ]
    return f"({_TALLIED.format(upto=upto)}) AS tallies WHERE {' AND '.join(['rows > 0', *conditions])}"


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
