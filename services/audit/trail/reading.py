"""Reading the trail: pages, events, causes and effects."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.audit.statements import statement
from services.audit.trail.asked import Asked, Place, fits
from services.audit.trail.entry import Entry, FiledLog, FiledLogs
from services.audit.trail.leads import COLUMNS, Lead, Statement, budget_of, leads, narrowest
from shared.eventstore.store import EventStore

ENOUGH = 1_000
"""Candidates that are counted to find the narrowest lead, at most."""

HIGHEST = 64
"""Causes above an event, at most."""

_BY_INDEX = (
    "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off;"
    " SET LOCAL plan_cache_mode = force_custom_plan"
)
_LOGS = statement("filed_logs")
_TYPES = "SELECT type FROM filed_types ORDER BY type"
_EVENT = f"SELECT {COLUMNS} FROM filed WHERE event_id = $1 ORDER BY log DESC LIMIT 1"
_CAUSES = statement("causes").format(columns=COLUMNS)
_EFFECTS = statement("effects").format(columns=COLUMNS)
_FIRST = f"SELECT {COLUMNS} FROM filed WHERE stream = $1 AND type = $2 ORDER BY log DESC, position LIMIT 1"
_ISSUED = (
    f"SELECT {COLUMNS} FROM filed WHERE decree = $1 AND type = 'registry.decree.issued'"
    " ORDER BY log DESC LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class TrailPage:
    """Entries in order; `following` is the place after which the next page begins, None at the end."""

    entries: Sequence[Entry]
    following: Place | None


class Trail:
    """Everything that is filed. Reads only, each in a time that does not depend on how much there is.

    For that each statement must read an index in its order, whatever the planner believes of how many rows
    fit: so it may not sort or look through anything where there is another way.
    """

    def __init__(self, store: EventStore) -> None:
        self._store = store

    async def page(self, asked: Asked, after: Place | None, limit: int) -> TrailPage:
        """Return at most `limit` entries after a place.

        A page may be short, even empty, and not the last: where no index leads to what is asked for, a page
        looks through a limited number of candidates.
        """
        if asked.types is not None and not asked.types:
            return TrailPage((), None)
        async with self._reading() as connection:
            lead = await _lead(connection, asked, after)
            budget = budget_of(asked, lead, limit)
            page = Statement(asked, lead, after)
            entries = await _entries(connection, page.page(limit, budget), *page.values)
            if len(entries) == limit:
                return TrailPage(entries, entries[-1].place)
            if lead.covers(asked):
                return TrailPage(entries, None)
            end = Statement(asked, lead, after)
            row = await connection.fetchrow(end.last(budget), *end.values)
            at_end = row is None or row["seen"] < budget
            return TrailPage(entries, None if at_end else Place(*(row[name] for name in Place._fields)))

    async def types(self, wanted: Sequence[str]) -> list[str]:
        """Every filed type that fits all that is wanted."""
        rows = await self._store.pool.fetch(_TYPES)
        return [row["type"] for row in rows if all(fits(one, row["type"]) for one in wanted)]

    async def event(self, event_id: UUID) -> Entry | None:
        """Return one event; of one that was filed under two logs, that of the later."""
        return await self._one(_EVENT, event_id)

    async def causes(self, event_id: UUID) -> list[Entry]:
        """Return an event and what caused it, the nearest first; nothing where there is no such event."""
        async with self._reading() as connection:
            return await _entries(connection, _CAUSES, event_id, HIGHEST)

    async def effects(self, event_ids: Sequence[UUID], limit: int) -> list[Entry]:
        """Return the reactions to some events, in order, at most `limit`."""
        async with self._reading() as connection:
            return await _entries(connection, _EFFECTS, event_ids, limit)

    async def first(self, stream: str, type: str) -> Entry | None:
        """Return the first event of a type in a stream, which must not be long."""
        return await self._one(_FIRST, stream, type)

    async def issued(self, decree: str) -> Entry | None:
        """Return the event by which a decree was issued."""
        return await self._one(_ISSUED, decree)

    async def _one(self, statement: str, *values: Any) -> Entry | None:
        async with self._reading() as connection:
            found = await _entries(connection, statement, *values)
            return found[0] if found else None

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[Any]:
        async with (
            self._store.pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            await connection.execute(_BY_INDEX)
            yield connection


async def _lead(connection: Any, asked: Asked, after: Place | None) -> Lead:
    possible = leads(asked)
    if len(possible) == 1 or possible[0].covers(asked):
        return possible[0]
    counted = []
    for lead in possible:
        count = Statement(asked, lead, after)
        counted.append((lead, await connection.fetchval(count.count(ENOUGH), *count.values)))
    return narrowest(counted)


async def _entries(connection: Any, statement: str, *values: Any) -> list[Entry]:
    rows = await connection.fetch(statement, *values)
    if not rows:
        return []
    logs = FiledLogs(FiledLog(*row) for row in await connection.fetch(_LOGS))
    return [Entry.of(row, logs) for row in rows]
