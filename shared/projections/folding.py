"""Folding a batch of events into new states of rows, in memory."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import orjson

from shared.eventstore.record import Record
from shared.projections.view import View


class RowId(NamedTuple):
    """A row of one generation of a view."""

    generation: int
    key: str


@dataclass(slots=True)
class State:
    """A state of a row: it holds from a position on, and before another where it has ended."""

    id: RowId
    valid_from: int
    facets: str
    doc: str
    due_at: datetime | None = None
    valid_to: int | None = None


@dataclass(slots=True)
class Changes:
    """What a batch does: `ended` gives the position at which the stored state of a row ends."""

    ended: dict[RowId, int] = field(default_factory=dict)
    states: list[State] = field(default_factory=list)


def touched(views: Mapping[int, View], records: Iterable[Record]) -> list[tuple[RowId, Record]]:
    """Find the rows that each event touches, in the order of the log."""
    return [
        (RowId(generation, key), record)
        for record in records
        for generation, view in views.items()
        for key in dict.fromkeys(view.keys(record))
    ]


def fold(
    views: Mapping[int, View], touches: Iterable[tuple[RowId, Record]], docs: dict[RowId, str | None]
) -> Changes:
    """Fold each touch; `docs` holds the current rows as JSON and is brought up to date.

    Raises:
        Exception: whatever a view raised; `docs` is of no use afterwards.
    """
    changes = Changes()
    newest: dict[RowId, State] = {}
    for id, record in touches:
        view = views[id.generation]
        before = docs[id]
        doc = view.fold(id.key, None if before is None else orjson.loads(before), record)
        after = None if doc is None else orjson.dumps(doc, option=orjson.OPT_SORT_KEYS).decode()
        if after == before:
            continue
        docs[id] = after
        state = newest.pop(id, None)
        if state is not None:
            state.valid_to = record.position
        elif before is not None:
            changes.ended[id] = record.position
        if doc is not None and after is not None:
            newest[id] = State(id, record.position, facets_of(view, doc), after, due_of(view, doc))
            changes.states.append(newest[id])
    return changes


def facets_of(view: View, doc: Mapping[str, Any]) -> str:
    """Render a row's facets as the JSON object of texts by which it is found."""
    return orjson.dumps(
        {name: _text(doc[name]) for name in view.facets if doc.get(name) is not None}
    ).decode()


def due_of(view: View, doc: Mapping[str, Any]) -> datetime | None:
    """Read the moment at which something is due about a row."""
    moment = None if view.due is None else doc.get(view.due)
    return None if moment is None else datetime.fromisoformat(moment)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
