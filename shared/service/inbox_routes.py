"""The endpoints about inboxes: how far they are, and what they have parked."""

from collections.abc import Callable, Mapping
from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from shared.contracts.identity import STREAM_PATTERN, TOKEN_PATTERN
from shared.contracts.reason import Reason
from shared.messaging.inbox import Inbox
from shared.service.answers import InboxTold, ParkedEvent, ParkedInFull, ParkedSettled
from shared.service.parked_desk import LAST, ParkedDesk
from shared.web import Caller, Instruct, Items, PageQuery, RequestModel, answered, json_response, page
from shared.web.cursors import BadCursor

Source = Annotated[str, Path(pattern=TOKEN_PATTERN, description="The service whose events they are.")]
Position = Annotated[int, Path(ge=1, le=LAST, description="The event's position in the log of the source.")]
StreamFilter = Annotated[
    str | None,
    Query(
        pattern=STREAM_PATTERN,
        description="Only events of this aggregate of the source: decree.298-2025.",
    ),
]

InboxesHere = Callable[[], Mapping[str, Inbox]]
"""The inboxes of the replica that answers, by source; none before it is open."""


class RetryBody(RequestModel):
    """Why it is tried again, for the record; published as it is written."""

    reason: Reason | None = None


class SkipBody(RequestModel):
    """Why it shall never take effect, for the record; published as it is written."""

    reason: Reason


def inbox_routes(desk: ParkedDesk, here: InboxesHere) -> APIRouter:
    """Build the endpoints."""
    routes = APIRouter(tags=["operations"])

    @routes.get("/inboxes", response_model=Items[InboxTold])
    async def inboxes(reader: Caller) -> Response:
        """Tell of each source how far its events are taken in, and how many are parked.

        `given_up` counts those that wait for a person. `active` says whether the replica that answers is the
        one that reads; only that one knows the `lag` (messages in the stream that are not taken in yet) and
        the `alarm`.
        """
        told = await desk.inboxes(reader)
        return json_response({"items": [inbox | _here(here().get(inbox["source"])) for inbox in told]})

    @routes.get("/inboxes/{source}/parked", response_model=Items[ParkedEvent])
    async def parked(
        reader: Caller, query: PageQuery, source: Source, stream: StreamFilter = None
    ) -> Response:
        """List the parked events of a source in order of position.

        `behind` names the position that an event waits for, of its own stream or of one on which it rests;
        without it, it is the first of its queue, and is tried again at `next_attempt`, or has been
        `given_up`. Where `changed`, somebody changed what is stored of it: it is not taken in, and `stream`
        and `event` are what the log tells (`event` is null where that tells nothing).
        """
        return page(await desk.listed(reader, source, stream, _position(query.after), query.limit), query)

    @routes.get("/inboxes/{source}/parked/{position}", response_model=ParkedInFull)
    async def one(reader: Caller, source: Source, position: Position) -> Response:
        """Read a parked event with its payload, and what its reaction failed on in detail."""
        return json_response(await desk.one(reader, source, position))

    @routes.post("/inboxes/{source}/parked/{position}/retry", response_model=ParkedSettled)
    async def retry(by: Instruct, source: Source, position: Position, body: RetryBody) -> Response:
        """Try the first parked event of a queue again at once; those behind it follow if it succeeds."""
        return answered(await desk.retry(by, source, position, body.reason))

    @routes.post("/inboxes/{source}/parked/{position}/skip", response_model=ParkedSettled)
    async def skip(by: Instruct, source: Source, position: Position, body: SkipBody) -> Response:
        """Let the first parked event of a queue go for good, without effects; those behind it follow."""
        return answered(await desk.skip(by, source, position, body.reason))

    return routes


def _here(inbox: Inbox | None) -> dict[str, object]:
    active = inbox is not None and inbox.active
    return {
        "active": active,
        "lag": inbox.lag if inbox is not None and active else None,
        "alarm": inbox.alarm if inbox is not None else None,
    }


def _position(after: str | None) -> int:
    if after is None:
        return 0
    if not after.isascii() or not after.isdecimal() or int(after) > LAST:
        raise BadCursor()
    return int(after)
