"""Folding a batch of events into new states of rows, in memory."""

from collections import Counter
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


class TallyId(NamedTuple):
    """A number that changes at a position: of the rows with some values of the facets that a view tallies."""

    generation: int
    facets: str
    position: int


@dataclass(slots=True)
class Changes:
    """What a batch does: `ended` gives the position at which the stored state of a row ends.

    `tallies` tells by how much which number of rows changes.
    """

    ended: dict[RowId, int] = field(default_factory=dict)
    states: list[State] = field(default_factory=list)
    tallies: Counter[TallyId] = field(default_factory=Counter)


def touched(views: Mapping[int, View], records: Iterable[Record]) -> list[tuple[RowId, Record]]:
    """Find the rows that each event touches, in the order of the log."""
    return [
        (RowId(generation, key), record)
        for record in records
        for generation, view in views.items()
        for key in dict.fromkeys(view.keys(record))
    ]


class Folding:
    """Folds touches one after the other, in as many calls as it takes.

    Args:
        views: the views by generation.
        docs: the current rows as JSON; they are brought up to date, and are of no use once a view raised.
    """

    def __init__(self, views: Mapping[int, View], docs: dict[RowId, str | None]) -> None:
        self.changes = Changes()
        self._views = views
        self._docs = docs
        self._newest: dict[RowId, State] = {}

    def fold(self, touches: Iterable[tuple[RowId, Record]]) -> None:
        """Fold what comes next.

        Raises:
            Exception: whatever a view raised.
        """
        for id, record in touches:
            view = self._views[id.generation]
            before = self._docs[id]
            former = None if before is None else orjson.loads(before)
            counted = tally_of(view, former)
            doc = view.fold(id.key, former, record)
            after = None if doc is None else orjson.dumps(doc, option=orjson.OPT_SORT_KEYS).decode()
            if after != before:
                self._docs[id] = after
                self._change(id, record.position, before, after, doc)
                self._count(id.generation, record.position, counted, tally_of(view, doc))

    def _change(
        self, id: RowId, position: int, before: str | None, after: str | None, doc: dict[str, Any] | None
    ) -> None:
        state = self._newest.pop(id, None)
        if state is not None:
            state.valid_to = position
        elif before is not None:
            self.changes.ended[id] = position
        if doc is not None and after is not None:
            view = self._views[id.generation]
            state = State(id, position, facets_of(view, doc), after, due_of(view, doc))
            self._newest[id] = state
            self.changes.states.append(state)

    def _count(self, generation: int, position: int, before: str | None, after: str | None) -> None:
        if before == after:
            return
        for facets, change in ((before, -1), (after, 1)):
            if facets is not None:
                self.changes.tallies[TallyId(generation, facets, position)] += change


def tally_of(view: View, doc: Mapping[str, Any] | None) -> str | None:
    """Render the values by which a row is counted as a JSON array; None where it is not counted."""
    if doc is None or not view.tallied:
        return None
    values = (doc.get(name) for name in view.tallied)
    return orjson.dumps([None if value is None else _text(value) for value in values]).decode()


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
