"""The questions that every service answers from its views: lists and items, now and as of a position."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar

from starlette.responses import Response

from shared.contracts.meta import rfc3339
from shared.contracts.text import Text
from shared.domain import NotFound
from shared.domain.refusal import Refusal
from shared.eventstore.store import EventStore
from shared.projections import Views
from shared.web import AsOf, PageAsked, json_response, page

Row = dict[str, Any]

Effective = Callable[[Row, datetime], Row]
"""Tells of a row what was so in law or fact at a moment."""

EVERY_AT_ONCE = 500
"""Rows read together where all are asked for."""

FOLDED_WITHIN = 5.0
"""Seconds that views get to come as far as they are asked about."""


class ViewsBehind(Refusal):
    """The views have not come as far as was asked, and nothing less is answered."""

    slug = "views-behind"
    status = 503
    title = Text(en="Not folded so far yet", ar="لم تبلغ العروض هذا الموضع بعد")
    detail = Text(
        en="What was asked is as of position {position}; the views are folded up to {folded}: ask again.",
        ar="السؤال عن الموضع {position}، والعروض بلغت الموضع {folded}: أعد السؤال.",
    )


class Inquiries:
    """Reads only. Rows come from views, which may be a moment behind the log."""

    kinds: ClassVar[Mapping[str, str]]
    """The kind of aggregate in each view."""

    effective: ClassVar[Mapping[str, Effective]] = {}
    """The views that answer by the clock of law and fact."""

    def __init__(self, store: EventStore, views: Views) -> None:
        self._store = store
        self._views = views

    async def listed(
        self, view: str, query: PageAsked, where: Mapping[str, str | None], when: AsOf | None = None
    ) -> Response:
        """Answer with a page of a view, by key, filtered by those facets that have a value."""
        asked = {facet: value for facet, value in where.items() if value is not None}
        position = await self.folded(when)
        rows = await self._views.list(view, asked, query.after, query.limit, past(when))
        return page(rows, query, position=position, when=when)

    async def every(self, view: str, where: Mapping[str, str | None], position: int) -> list[Row]:
        """Return all rows of a view as of a position that it is folded to (see `folded`), by key."""
        asked = {facet: value for facet, value in where.items() if value is not None}
        rows: list[Row] = []
        after: str | None = None
        while page := await self._views.list(view, asked, after, EVERY_AT_ONCE, position):
            rows += [row for _, row in page]
            after = page[-1][0]
        return rows

    async def rows(
        self, view: str, where: Mapping[str, str], after: str | None, limit: int, when: AsOf | None
    ) -> list[tuple[str, Row]]:
        """Return keys and rows of a view, by key, filtered by facets."""
        return await self._views.list(view, where, after, limit, past(when))

    async def row(self, view: str, id: str, when: AsOf | None = None) -> Row:
        """Return one row; refuse where there is none."""
        found = await self._views.get(view, id, past(when))
        if found is None:
            raise NotFound(kind=self.kinds[view], id=id)
        return found

    async def item(
        self, view: str, id: str, when: AsOf | None = None, effective_at: datetime | None = None
    ) -> Response:
        """Answer with one row, its version as ETag.

        With `effective_at` the facts that `effective` names are those that were so in law or fact at that
        moment, as they are known now, or as of the other clock.
        """
        position = await self.folded(when)
        row = await self.row(view, id, when)
        if effective_at is not None:
            row = {**row, **self.effective[view](row, effective_at), "effective_at": rfc3339(effective_at)}
        return versioned(row, position, when)

    async def folded(self, when: AsOf | None) -> int:
        """Make sure that views can answer as of a position; return up to where they are folded at least.

        Raises:
            ViewsBehind: they do not come so far in time.
        """
        if when is None:
            return self._views.position
        if not await self._views.wait_for(when.position, FOLDED_WITHIN):
            raise ViewsBehind(position=when.position, folded=self._views.position)
        return when.position


def past(when: AsOf | None) -> int | None:
    """The position as of which views are asked, None for now."""
    return None if when is None else when.position


def standing(position: int, when: AsOf | None) -> dict[str, str]:
    """The headers that say what an answer is as of."""
    return {"Tanfidh-Position": str(position)} if when is None else when.headers()


def versioned(row: Row, position: int, when: AsOf | None = None) -> Response:
    """Answer with a row that has a version; `position` is how far its view had come at least."""
    return json_response(row, headers={"ETag": f'"{row["version"]}"', **standing(position, when)})
