"""The endpoints of audit that read the trail; whoever has a token may read all of it."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.audit.answers import Causes, Effects, Entry, EntryInFull
from services.audit.owners import Owners
from services.audit.parameters import EventId, Id, WantedQuery
from services.audit.trail.asked import Place
from services.audit.trail.chains import causes, effects
from services.audit.trail.reading import Trail
from shared.domain import NotFound
from shared.service.answers import StateTold
from shared.web import Caller, Items, PageQuery, json_response
from shared.web.cursors import BadCursor, link_to_next
from shared.web.joining import joined

MOST_EFFECTS = 1_000


def router(trail: Trail, owners: Owners) -> APIRouter:
    """Build every endpoint of the trail."""
    return joined((_events(trail), _states(owners)), "trail")


def _events(trail: Trail) -> APIRouter:
    routes = APIRouter()

    @routes.get("/trail", response_model=Items[Entry])
    async def listed(_: Caller, query: PageQuery, wanted: WantedQuery) -> Response:
        """Tell what happened, in order, filtered by what is given.

        The order is that of the moments of recording; at one moment, that of the services' names and then of
        positions. A page may have fewer entries than its limit and still a link to the next.
        """
        asked, after = wanted.asked, _place(query.after)
        async with trail.reading() as reading:
            if wanted.types:
                asked = replace(asked, types=await reading.types(wanted.types))
            found = await reading.page(asked, after, query.limit)
        given = {} if found.following is None else {"Link": link_to_next(query, found.following.key())}
        return json_response({"items": [entry.told() for entry in found.entries]}, headers=given)

    @routes.get("/trail/events/{event}", response_model=EntryInFull)
    async def event(_: Caller, event: EventId) -> Response:
        """Tell one event, and what its leaf is computed from."""
        async with trail.reading() as reading:
            found = await reading.event(event)
        if found is None:
            raise NotFound(kind="event", id=event)
        return json_response({**found.told(), "evidence": found.evidence()})

    @routes.get("/trail/events/{event}/causes", response_model=Causes)
    async def upward(_: Caller, event: EventId) -> Response:
        """Tell what an event goes back to: earlier events, the command, the article of the decree."""
        async with trail.reading() as reading:
            return json_response(await causes(reading, event))

    @routes.get("/trail/events/{event}/effects", response_model=Effects)
    async def downward(
        _: Caller,
        event: EventId,
        limit: Annotated[int, Query(ge=1, le=MOST_EFFECTS, description="Effects told, at most.")] = 200,
    ) -> Response:
        """Tell everything that followed from an event, level by level, down to a bound."""
        async with trail.reading() as reading:
            return json_response(await effects(reading, event, limit))

    return routes


def _states(owners: Owners) -> APIRouter:
    routes = APIRouter()

    @routes.get("/trail/state/{service}/{kind}/{id}", response_model=StateTold)
    async def state(
        _: Caller,
        service: Id,
        kind: Id,
        id: Id,
        as_of: Annotated[
            str | None, Query(max_length=64, description="A moment (RFC 3339), a date or a position.")
        ] = None,
    ) -> Response:
        """Tell the state of an aggregate as of a moment, as its owner replays it."""
        return json_response(await owners.state(service, kind, id, as_of))

    return routes


def _place(key: str | None) -> Place | None:
    if key is None:
        return None
    try:
        return Place.read(key)
    except ValueError as error:
        raise BadCursor() from error
