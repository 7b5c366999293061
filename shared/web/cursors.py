"""Lists in pages: opaque keyset cursors, and the link to the next page (RFC 8288).

A cursor holds the key of the last row and a digest of the list that gave it, so that no other list
takes it. The digest keeps mistakes apart and is no secret: a cursor shows nothing that a list does not.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

from fastapi import Depends, Query, Request
from starlette.responses import Response

from shared.contracts.text import Text
from shared.web.answers import json_response
from shared.web.context import context_of
from shared.web.horizon import AsOf
from shared.web.refusals import BadRequest

T = TypeVar("T")

_PREFIX = b"k2:"
_MARK = 4
LIMIT, MOST = 50, 200


class BadCursor(BadRequest):
    """A cursor that this endpoint did not give out."""

    slug = "bad-cursor"
    title = Text(en="Unknown cursor", ar="مؤشر غير معروف")
    detail = Text(
        en="The cursor is not one that this list gave: take it from the Link header, or begin without one.",
        ar="هذا المؤشر لم تُصدره هذه القائمة: خذه من ترويسة Link أو ابدأ بدونه.",
    )


@dataclass(frozen=True, slots=True)
class PageAsked:
    """Which page is asked for: at most `limit` rows, after the row of key `after`.

    `filters` are the other query parameters, which the link to the next page repeats; `place` is the
    list, by service and path.
    """

    limit: int = LIMIT
    after: str | None = None
    filters: tuple[tuple[str, str], ...] = ()
    place: str = ""

    def pinned_to(self, when: AsOf) -> "PageAsked":
        """The same page, asked as of the position that a moment was resolved to."""
        position = str(when.position)
        pinned = ((name, position if name == "as_of" else value) for name, value in self.filters)
        return replace(self, filters=tuple(pinned))


def cursor_to(key: str, place: str) -> str:
    """Make the cursor with which the list at `place` continues after the row of `key`."""
    mark = sha256(place.encode("utf-8", "surrogatepass")).digest()[:_MARK]
    return urlsafe_b64encode(_PREFIX + mark + key.encode()).rstrip(b"=").decode()


def key_of_cursor(cursor: str, place: str) -> str:
    """Return the key that a cursor holds; refuse what `cursor_to` did not make for this place."""
    try:
        raw = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        key = raw[len(_PREFIX) + _MARK :].decode()
    except ValueError as error:
        raise BadCursor() from error
    if cursor_to(key, place) != cursor or "\0" in key:
        raise BadCursor()
    return key


def _place_of(request: Request) -> str:
    """Name the list; the mount does not count, so that a cursor is good alone and beside others."""
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    return f"{context_of(request).service} {path}"


async def page_asked(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=MOST, description="Rows in a page, at most.")] = LIMIT,
    cursor: Annotated[
        str | None, Query(max_length=1024, description="From the Link header of the page before.")
    ] = None,
) -> PageAsked:
    """Read which page is asked for."""
    place = _place_of(request)
    others = ((name, value) for name, value in request.query_params.multi_items())
    return PageAsked(
        limit=limit,
        after=None if cursor is None else key_of_cursor(cursor, place),
        filters=tuple((name, value) for name, value in others if name not in ("limit", "cursor")),
        place=place,
    )


PageQuery = Annotated[PageAsked, Depends(page_asked)]
"""The page that a list is asked for."""


def key_of_row(item: Any) -> str:
    """The key of a row as `Views.list` gives it: a pair of key and document."""
    key: str = item[0]
    return key


def page(
    items: Sequence[T],
    query: PageAsked,
    cursor_of: Callable[[T], str] = key_of_row,
    position: int | None = None,
    when: AsOf | None = None,
) -> Response:
    """Answer one page: ``{"items": [...]}``, pairs of key and document as the documents alone.

    A full page links to the next one, which may turn out to be empty. `position` is that of the view; `when`
    that as of which was asked, to which the link holds on: a list does not shift while it is paged.
    """
    rows = [item[1] if isinstance(item, tuple) else item for item in items]
    given = {} if position is None else {"Tanfidh-Position": str(position)}
    if when is not None:
        given |= when.headers()
        query = query.pinned_to(when)
    if len(items) >= query.limit:
        given["Link"] = link_to_next(query, cursor_of(items[-1]))
    return json_response({"items": rows}, headers=given)


def link_to_next(query: PageAsked, key: str) -> str:
    """Write the Link header to the page after the row of `key`, by the same filters."""
    following = [
        *query.filters,
        ("limit", str(query.limit)),
        ("cursor", cursor_to(key, query.place)),
    ]
    return f'<?{urlencode(following)}>; rel="next"'
