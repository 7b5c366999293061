"""A view whose every answer says as of which position it is, and what it must be there."""

from collections.abc import Iterable, Sequence
from typing import Any

from shared.eventstore.record import Record
from shared.eventstore.store import EventStore
from shared.projections import Views
from shared.projections.rebuilds import Rebuild, newest
from tests.faults.processes import until
from tests.unit.projections.sample import AccountChanged, Balances, replay

EVERYTHING = "000"
"""The key of the row that every event changes; it comes first in lists."""

STATES = """
    SELECT key, valid_from, valid_to, facets::text, doc::text, due_at FROM view_rows
    WHERE generation = (SELECT generation FROM views WHERE name = $1 AND state = 'live')
    ORDER BY key, valid_from
"""


class Books(Balances):
    """Balances, when each was touched last, and one row that counts all events."""

    name = "books"
    due = "touched"

    def keys(self, record: Record) -> Iterable[str]:
        return [EVERYTHING, *super().keys(record)]

    def fold(self, key: str, doc: dict[str, Any] | None, record: Record) -> dict[str, Any] | None:
        if key == EVERYTHING:
            events = doc["events"] + 1 if doc else 1
            return {"events": events, "position": record.position, "state": "all"}
        row = super().fold(key, doc, record)
        event = record.event
        if row is not None and isinstance(event, AccountChanged) and event.amount:
            row["touched"] = record.recorded_at.isoformat()
        return row


def true_rows(records: Sequence[Record], position: int) -> list[tuple[str, dict[str, Any]]]:
    """What the view holds as of a position, by key."""
    return sorted(replay(Books(), records, position).items())


async def rebuilt(views: Views, id: Any, view: str = "books", check: bool = False) -> Rebuild:
    """Rebuild, and wait for the end."""
    await views.rebuild(view, id, check, "clerk")
    return await ended(views, view)


async def ended(views: Views, view: str = "books") -> Rebuild:
    """Wait for the end of the rebuild that was asked for last."""

    async def over() -> Rebuild | None:
        found = await newest(views._store.pool, views[view])
        return found if found is not None and found.ended_at is not None else None

    found = await until(over, within=60)
    assert found is not None
    return found


async def states(store: EventStore, view: str = "books") -> list[Any]:
    """Every state of the live generation."""
    found: list[Any] = await store.pool.fetch(STATES, view)
    return found


async def tidy(store: EventStore) -> bool:
    """Whether nothing is left of generations that are not read."""
    left: int = await store.pool.fetchval(
        "SELECT (SELECT count(*) FROM views WHERE state <> 'live')"
        " + (SELECT count(*) FROM view_rows WHERE generation NOT IN (SELECT generation FROM views))"
        " + (SELECT count(*) FROM view_tallies WHERE generation NOT IN (SELECT generation FROM views))"
    )
    return left == 0
