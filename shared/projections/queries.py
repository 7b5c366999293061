"""Asking a generation of a view: one row, a list by key, counts by facets."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson


class _Asked:
    """A condition on states of rows, and the values of its placeholders."""

    def __init__(self, generation: int, as_of: int | None, where: Mapping[str, str]) -> None:
        self.values: list[Any] = [generation]
        self.condition = "generation = $1 AND valid_to IS NULL"
        if as_of is not None:
            then = self.given(as_of)
            self.condition = (
                f"generation = $1 AND valid_from <= {then} AND (valid_to IS NULL OR valid_to > {then})"
            )
        if where:
            self.condition += f" AND facets @> {self.given(orjson.dumps(dict(where)).decode())}::text::jsonb"

    def given(self, value: Any) -> str:
        """Add a value; return its placeholder."""
        self.values.append(value)
        return f"${len(self.values)}"


async def get(pool: Any, generation: int, key: str, as_of: int | None) -> dict[str, Any] | None:
    """Return one row, or None."""
    asked = _Asked(generation, as_of, {})
    statement = f"SELECT doc::text FROM view_rows WHERE {asked.condition} AND key = {asked.given(key)}"
    doc = await pool.fetchval(statement, *asked.values)
    return None if doc is None else orjson.loads(doc)


async def list_rows(
    pool: Any, generation: int, where: Mapping[str, str], after: str, limit: int, as_of: int | None
) -> list[tuple[str, dict[str, Any]]]:
    """Return rows whose key comes after `after`, ordered by key."""
    asked = _Asked(generation, as_of, where)
    statement = (
        f"SELECT key, doc::text FROM view_rows WHERE {asked.condition} AND key > {asked.given(after)}"
        f" ORDER BY key LIMIT {asked.given(limit)}"
    )
    return [(row[0], orjson.loads(row[1])) for row in await pool.fetch(statement, *asked.values)]


async def count(
    pool: Any, generation: int, by: Sequence[str], where: Mapping[str, str], as_of: int | None
) -> list[tuple[tuple[str, ...], int]]:
    """Count rows by the values of facets, ordered by them; the empty text where a row has none."""
    asked = _Asked(generation, as_of, where)
    columns = [f"coalesce(facets ->> {asked.given(name)}, '')" for name in by]
    numbers = ", ".join(str(number) for number in range(1, len(by) + 1))
    statement = f"SELECT {', '.join([*columns, 'count(*)'])} FROM view_rows WHERE {asked.condition}"
    if by:
        statement += f" GROUP BY {numbers} ORDER BY {numbers}"
    return [(tuple(row)[:-1], row[-1]) for row in await pool.fetch(statement, *asked.values)]


DUE = """
    SELECT key, due_at, doc::text FROM view_rows
    WHERE generation = $1 AND valid_to IS NULL AND due_at <= $2 AND (due_at, key) > ($3, $4)
    ORDER BY due_at, key LIMIT $5
"""
NEXT_DUE = """
    SELECT due_at FROM view_rows WHERE generation = $1 AND valid_to IS NULL AND due_at > $2
    ORDER BY due_at LIMIT 1
"""
