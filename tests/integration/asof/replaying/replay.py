"""What rows and aggregates were at a position: every event up to it, folded from nothing."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache, cached_property
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar

import orjson

from services.notifier.views import every_view as of_notifier
from services.registry.views import views as of_registry
from services.tasks.views import every_view as of_tasks
from shared.domain import Aggregate
from shared.eventstore.record import Record
from shared.projections import View

Row = dict[str, Any]
Rows = Mapping[str, Row]
A = TypeVar("A", bound=Aggregate)

VIEWS: Mapping[str, Mapping[str, View]] = {
    service: {view.name: view for view in views()}
    for service, views in {"registry": of_registry, "tasks": of_tasks, "notifier": of_notifier}.items()
}


class Version(NamedTuple):
    """A row from a position on; None where it is gone."""

    position: int
    doc: Row | None


class Replay:
    """The log of one service, and what follows from it at its positions."""

    def __init__(self, service: str, records: Sequence[Record]) -> None:
        self.service = service
        self.records = records
        self.views = VIEWS.get(service, {})
        self.rows = cache(self._rows)

    @property
    def head(self) -> int:
        return len(self.records)

    @cached_property
    def moments(self) -> list[datetime]:
        return [record.recorded_at for record in self.records]

    def by(self, moment: datetime) -> int:
        """The last position that was recorded by a moment."""
        return bisect_right(self.moments, moment)

    def before(self, moment: datetime) -> int:
        """The last position that was recorded before a moment."""
        return bisect_left(self.moments, moment)

    @cached_property
    def _streams(self) -> Mapping[str, Sequence[Record]]:
        streams: dict[str, list[Record]] = {}
        for record in self.records:
            streams.setdefault(record.stream, []).append(record)
        return streams

    def ids(self, kind: str) -> list[str]:
        """Every aggregate of a kind."""
        return [name.partition(".")[2] for name in self._streams if name.startswith(f"{kind}.")]

    def stream(self, name: str, position: int) -> list[Record]:
        """The events of a stream up to a position."""
        return [record for record in self._streams.get(name, ()) if record.position <= position]

    @cached_property
    def _versions(self) -> Mapping[str, Mapping[str, list[Version]]]:
        """What every row became, each time that an event touched it: one replay from nothing, kept."""
        versions: dict[str, dict[str, list[Version]]] = {name: {} for name in self.views}
        for record in self.records:
            for name, view in self.views.items():
                for key in dict.fromkeys(view.keys(record)):
                    known = versions[name].setdefault(key, [])
                    doc = plain(known[-1].doc) if known else None
                    known.append(Version(record.position, plain(view.fold(key, doc, record))))
        return versions

    def row(self, view: str, key: str, position: int) -> Row | None:
        """One row, of the events that touched it up to a position."""
        return _last(self._versions[view].get(key, ()), position)

    def _rows(self, position: int) -> Mapping[str, Rows]:
        return {
            name: {key: doc for key in sorted(rows) if (doc := _last(rows[key], position)) is not None}
            for name, rows in self._versions.items()
        }

    def aggregate(self, kind: type[A], id: str, position: int) -> A:
        """An aggregate as the events of its stream up to a position make it."""
        found = kind.blank(id)
        for record in self.stream(found.stream, position):
            found.replay(record.event, record.version, record.recorded_at, record.effective_at)
        return found


def _last(versions: Sequence[Version], position: int) -> Row | None:
    """What a row was at a position."""
    before = bisect_right(versions, position, key=attrgetter("position"))
    return versions[before - 1].doc if before else None


def plain(value: Any) -> Any:
    """A copy of JSON, its names in the order in which rows are stored."""
    return orjson.loads(orjson.dumps(value, option=orjson.OPT_SORT_KEYS))


def matching(rows: Rows, where: Mapping[str, str]) -> dict[str, Row]:
    """The rows that say so of themselves, by key."""
    return {key: row for key, row in rows.items() if all(said(row, name) == where[name] for name in where)}


def said(row: Row, name: str) -> str | None:
    """What a row says, as a query parameter writes it."""
    value = row.get(name)
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)


def values_of(rows: Iterable[Row], name: str) -> list[str]:
    """Every value that rows have there, as query parameters write them."""
    return sorted({value for row in rows if (value := said(row, name)) is not None})
