"""Chains in the trail: upward to the command and the article, downward to everything that followed."""

from typing import Any
from uuid import UUID

from services.audit.trail.entry import Entry
from services.audit.trail.ground import Ground, article_in, ground_of
from services.audit.trail.reading import Trail
from shared.domain import NotFound

DEEPEST = 32
"""Levels of effects that are followed, at most."""


async def causes(trail: Trail, event_id: UUID) -> dict[str, Any]:
    """Tell what an event goes back to: events up to the first, the command behind it, the decree's article.

    `unknown_cause` is the id of a cause that is not filed (yet), where the chain ends with one.

    Raises:
        NotFound: no such event is filed.
    """
    chain = await trail.causes(event_id)
    if not chain:
        raise NotFound(kind="event", id=event_id)
    first = chain[-1]
    fields = first.meta.fields
    ground = ground_of(entry.keys for entry in chain)
    return {
        "event": chain[0].told(),
        "causes": [entry.told() for entry in chain[1:]],
        "unknown_cause": str(first.causation) if first.causation is not None else None,
        "command": {name: fields.get(name) for name in ("command", "correlation", "actor")},
        "ground": None if ground is None else await _told(trail, ground),
    }


async def _told(trail: Trail, ground: Ground) -> dict[str, Any]:
    """Tell a ground with the events that establish it."""
    issued = await trail.issued(ground.decree)
    listed = ordered = None
    if ground.measure is not None:
        listed = await trail.first(f"measure.{ground.measure}", "registry.measure.listed")
        ordered = await trail.first(f"measure.{ground.measure}", "registry.measure.ordered")
    payload = issued.data() if issued is not None else {}
    row = listed.data() if listed is not None else {}
    return {
        "decree": ground.decree,
        "title": payload.get("title"),
        "issuer": payload.get("issuer"),
        "article": article_in(payload, ground, row.get("article")),
        "measure": ground.measure,
        "issued": _or_none(issued),
        "listed": _or_none(listed),
        "ordered": _or_none(ordered),
    }


async def effects(trail: Trail, event_id: UUID, limit: int) -> dict[str, Any]:
    """Tell everything that followed from an event, level by level, each level in the order of the trail.

    It ends after `limit` events or `DEEPEST` levels; `complete` says whether that was all. The direct effects
    of one event are read page by page in the trail, by their causation.

    Raises:
        NotFound: no such event is filed.
    """
    event = await trail.event(event_id)
    if event is None:
        raise NotFound(kind="event", id=event_id)
    found: list[dict[str, Any]] = []
    known, level, depth = {event.id}, [event.id], 0
    while level and depth < DEEPEST and len(found) <= limit:
        depth += 1
        below: dict[UUID, Entry] = {}
        for entry in await trail.effects(level, limit + 1 - len(found)):
            if entry.id not in known and (entry.id not in below or not entry.superseded):
                below[entry.id] = entry
        found += [{**entry.told(), "depth": depth} for entry in below.values()]
        known |= below.keys()
        level = list(below)
    complete = not level and len(found) <= limit
    return {"event": event.told(), "effects": found[:limit], "complete": complete}


def _or_none(entry: Entry | None) -> dict[str, Any] | None:
    return entry.told() if entry is not None else None
