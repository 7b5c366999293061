"""The questions that every service answers: views for what is now, streams for what was."""

from collections.abc import Mapping
from typing import Any, ClassVar

from starlette.responses import Response

from shared.contracts.identity import stream_of
from shared.contracts.meta import rfc3339
from shared.domain import NotFound
from shared.eventstore.record import Record
from shared.eventstore.store import EventStore
from shared.projections import Views
from shared.web import PageAsked, json_response, page

Row = dict[str, Any]


class Inquiries:
    """Reads only. Rows come from views, which may be a moment behind the log."""

    kinds: ClassVar[Mapping[str, str]]
    """The kind of aggregate in each view."""

    def __init__(self, store: EventStore, views: Views) -> None:
        self._store = store
        self._views = views

    async def listed(self, view: str, query: PageAsked, where: Mapping[str, str | None]) -> Response:
        """Answer with a page of a view, by key, filtered by those facets that have a value."""
        asked = {facet: value for facet, value in where.items() if value is not None}
        position = self._views.position
        rows = await self._views.list(view, asked, query.after, query.limit)
        return page(rows, query, position=position)

    async def row(self, view: str, id: str) -> Row:
        """Return one row; refuse where there is none."""
        found = await self._views.get(view, id)
        if found is None:
            raise NotFound(kind=self.kinds[view], id=id)
        return found

    async def item(self, view: str, id: str) -> Response:
        """Answer with one row, its version as ETag."""
        position = self._views.position
        return versioned(await self.row(view, id), position)

    async def history(self, kind: str, id: str) -> list[Row]:
        """Tell everything that happened to an aggregate, in order; refuse where there is nothing."""
        known = kind in self.kinds.values()
        records = await self._store.history(stream_of(kind, id)) if known else []
        if not records:
            raise NotFound(kind=kind, id=id)
        return [told(record) for record in records]


def versioned(row: Row, position: int) -> Response:
    """Answer with a row that has a version; `position` is how far its view had come at least."""
    return json_response(row, headers={"ETag": f'"{row["version"]}"', "Tanfidh-Position": str(position)})


def told(record: Record) -> Row:
    """Tell one event: what, when, by whom, and its data."""
    return {
        "position": record.position,
        "version": record.version,
        "type": record.type,
        "recorded_at": rfc3339(record.recorded_at),
        "effective_at": rfc3339(record.effective_at),
        "actor": record.about.actor,
        "data": record.event.model_dump(mode="json"),
    }
