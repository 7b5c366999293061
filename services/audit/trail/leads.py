"""Which index leads to what is asked for, and the statement that reads it. Nothing here asks the database.

A lead gives candidates in the order of the trail. What it does not cover is looked for among them, and among
`BUDGET` of them at most: so a page takes about as long whatever else is filed, and may be short.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.audit.trail.asked import FILTERS, Asked, Place

BUDGET = 5_000
"""Candidates that are looked through for one page, at most."""

WITH_TYPE = ("decree", "mission", "department")
"""Filters that have an index with the type as well."""

ORDER = ("recorded_at", "source", "position", "log")
_PLACE = ", ".join(ORDER)
COLUMNS = (
    "recorded_at, source, position, log, version, effective_at, schema, event_id, leaf_log, stream, type,"
    " causation, data, meta, sealed_digest, previous, leaf"
)

DEPARTMENT = "department"
"""The filter of which an event may have several values: in a column, and in a table of one row for each."""

_FITTING = ["departments" if name == DEPARTMENT else name for name in FILTERS]
COLUMNS_TO_FIT = ", ".join(dict.fromkeys([*COLUMNS.replace(" ", "").split(","), *_FITTING]))

ANYTHING = "log > 0"
"""Says to read by order or type alone; see the migration."""


@dataclass(frozen=True, slots=True)
class Lead:
    """An index to read: by one filter or none, and with the types or without."""

    filter: str | None
    typed: bool

    def covers(self, asked: Asked) -> bool:
        """Whether it leads to exactly what is asked for."""
        return set(asked.filters) <= {self.filter} and (self.typed or asked.types is None)


def leads(asked: Asked) -> list[Lead]:
    """All leads that make sense, the ones that cover everything first."""
    typed = asked.types is not None
    found = [Lead(name, typed and name in WITH_TYPE) for name in asked.filters]
    if typed or not found:
        found.append(Lead(None, typed))
    return sorted(found, key=lambda lead: not lead.covers(asked))


class Statement:
    """A statement being written, and the values of its placeholders.

    Limits stand in its text, not among the values: the planner has to know that they are small.
    """

    def __init__(self, asked: Asked, lead: Lead, after: Place | None) -> None:
        self.values: list[Any] = []
        self._asked = asked
        self._lead = lead
        self._after = after

    def given(self, value: Any) -> str:
        """Add a value; return its placeholder."""
        self.values.append(value)
        return f"${len(self.values)}"

    def candidates(self, columns: str, limit: int) -> str:
        """Select what the lead gives, in order, `limit` rows at most."""
        if self._lead.filter != DEPARTMENT:
            return self._led(columns, "filed", limit)
        places = self._led(_PLACE, "filed_departments", limit)
        if columns == _PLACE:
            return places
        return f"SELECT {columns} FROM ({places}) AS led JOIN filed USING ({_PLACE}) ORDER BY {self._order()}"

    def _led(self, columns: str, table: str, limit: int) -> str:
        conditions = self._conditions()
        types = self._asked.types
        if not self._lead.typed or types is None or len(types) == 1:
            if self._lead.typed and types is not None:
                conditions.append(f"type = {self.given(types[0])}")
            where = " AND ".join(conditions)
            return f"SELECT {columns} FROM {table} WHERE {where} ORDER BY {self._order()} LIMIT {limit}"
        conditions.append(f"{table}.type = asked.type")
        return (
            f"SELECT each.* FROM unnest({self.given(list(types))}::text[]) AS asked (type) CROSS JOIN LATERAL"
            f" (SELECT {columns} FROM {table} WHERE {' AND '.join(conditions)}"
            f" ORDER BY {self._order()} LIMIT {limit}) AS each ORDER BY {self._order()} LIMIT {limit}"
        )

    def page(self, limit: int, budget: int) -> str:
        """Select a page: what fits among the first `budget` candidates."""
        if self._lead.covers(self._asked):
            return self.candidates(COLUMNS, limit)
        inner = self.candidates(COLUMNS_TO_FIT, budget)
        rest = self._rest()
        return (
            f"SELECT {COLUMNS} FROM ({inner}) AS candidates WHERE {' AND '.join(rest)}"
            f" ORDER BY {self._order()} LIMIT {limit}"
        )

    def last(self, budget: int) -> str:
        """Select how many candidates there are, up to `budget`, and the last one's place."""
        inner = self.candidates(_PLACE, budget)
        return (
            f"SELECT count(*) OVER () AS seen, {', '.join(ORDER)} FROM ({inner}) AS candidates"
            f" ORDER BY {self._order(backwards=True)} LIMIT 1"
        )

    def count(self, enough: int) -> str:
        """Count candidates, up to `enough`."""
        return f"SELECT count(*) FROM ({self.candidates(_PLACE, enough)}) AS candidates"

    def _conditions(self) -> list[str]:
        asked, lead = self._asked, self._lead
        found = [
            ANYTHING if lead.filter is None else f"{lead.filter} = {self.given(asked.filters[lead.filter])}"
        ]
        if asked.begin is not None:
            found.append(f"recorded_at >= {self.given(asked.begin)}")
        if asked.end is not None:
            found.append(f"recorded_at < {self.given(asked.end)}")
        if self._after is not None:
            place = ", ".join(self.given(value) for value in self._after)
            found.append(f"({_PLACE}) {'<' if asked.descending else '>'} ({place})")
        return found

    def _rest(self) -> list[str]:
        asked, lead = self._asked, self._lead
        names = [name for name in asked.filters if name != lead.filter]
        rest = [
            f"{self.given(asked.filters[name])} = " + ("ANY(departments)" if name == DEPARTMENT else name)
            for name in names
        ]
        if asked.types is not None and not lead.typed:
            rest.append(f"type = ANY({self.given(list(asked.types))}::text[])")
        return rest

    def _order(self, backwards: bool = False) -> str:
        direction = " DESC" if self._asked.descending is not backwards else ""
        return ", ".join(f"{name}{direction}" for name in ORDER)


def budget_of(asked: Asked, lead: Lead, limit: int) -> int:
    """How many candidates a page looks through: fewer of each type, where several are merged."""
    merged = len(asked.types) if lead.typed and asked.types is not None else 1
    return max(limit, BUDGET // max(merged, 1))


def narrowest(found: Sequence[tuple[Lead, int]]) -> Lead:
    """The lead with the fewest candidates; of equal ones the first."""
    return min(found, key=lambda counted: counted[1])[0]
