"""The overview of a service: how far it is, and what it knows of each decree."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from shared.eventstore.store import EventStore
from shared.projections import Views
from shared.service.answers import Overview
from shared.service.parked_desk import parked_counts
from shared.service.wellbeing import Wellbeing
from shared.web import Caller, json_response

Counts = Callable[[], Awaitable[Mapping[str, Mapping[str, Any]]]]
"""Counts what a service knows of each decree: ``{"298-2025": {"measures": {"ordered": 19}}}``."""

Further = Callable[[], Awaitable[Mapping[str, Any]]]
"""Tells what else belongs to a service's overview, by name."""


def overview_routes(
    store: EventStore,
    views: Views,
    wellbeing: Wellbeing,
    counts: Counts,
    further: Further | None,
    described: type[Overview],
) -> APIRouter:
    """Build the endpoint; `described` is what the service's own overview has."""
    routes = APIRouter(tags=["operations"])

    @routes.get("/overview", response_model=described)
    async def overview(_: Caller) -> Response:
        """Tell how far the service is, and what it knows of each decree."""
        return json_response(
            {
                "position": store.head,
                "published": wellbeing.published,
                "views": views.position,
                "parked": await parked_counts(store),
                "decrees": await counts(),
                **(await further() if further is not None else {}),
            }
        )

    return routes
