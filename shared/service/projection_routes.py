"""The endpoints of every service's read models: how far they are, and rebuilding them."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from shared.contracts.meta import rfc3339
from shared.domain import NotFound
from shared.domain.clock import Clock
from shared.eventstore.store import EventStore
from shared.projections import Views
from shared.projections.overlook import Stand, overlook
from shared.projections.rebuilds import Rebuild, find, newest
from shared.projections.view import View
from shared.service.answers import ProjectionTold, RebuildTold
from shared.service.operating import PERMISSIONS
from shared.web import Caller, Instruct, Items, json_response
from shared.web.request import LimitedRequest

Name = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


def projection_routes(store: EventStore, views: Views, clock: Clock) -> APIRouter:
    """Build the endpoints."""
    routes = APIRouter(tags=["operations"])

    def known(name: str) -> View:
        for view in views:
            if view.name == name:
                found: View = view
                return found
        raise NotFound(kind="view", id=name)

    @routes.get("/projections", response_model=Items[ProjectionTold])
    async def projections(_: Caller) -> Response:
        """Tell how far each read model is folded, how many rows it has, and its last rebuild."""
        stands = [await overlook(store.pool, view) for view in views]
        return json_response({"items": [_stand(stand, clock()) for stand in stands]})

    @routes.post("/projections/{name}/rebuild", status_code=202, response_model=RebuildTold)
    async def rebuild(
        request: LimitedRequest,
        by: Instruct,
        name: Name,
        check: Annotated[bool, Query(description="Only compare, and throw the copy away.")] = False,
    ) -> Response:
        """Rebuild a read model from the beginning of the log, beside the one that is read: 202.

        When the copy has caught up it is compared with the one that is read, and takes its place.
        """
        PERMISSIONS.check(by.actor, "view.rebuild")
        view = known(name)
        assert isinstance(by.id, UUID), "requests name their command"
        asked = await views.rebuild(view.name, by.id, check, by.actor.subject)
        where = f"{request.scope.get('root_path', '')}/projections/{name}/rebuilds/{asked.id}"
        return json_response(_told(asked, store.head), 202, {"Location": where})

    @routes.get("/projections/{name}/rebuild", response_model=RebuildTold)
    async def last_rebuild(_: Caller, name: Name) -> Response:
        """Tell how far the rebuild of a read model is that was asked for last, or what became of it."""
        found = await newest(store.pool, known(name))
        if found is None:
            raise NotFound(kind="rebuild", id=name)
        return json_response(_told(found, store.head))

    @routes.get("/projections/{name}/rebuilds/{id}", response_model=RebuildTold)
    async def one_rebuild(_: Caller, name: Name, id: UUID) -> Response:
        """Tell how far a rebuild is, or what became of it."""
        found = await find(store.pool, known(name), id)
        if found is None:
            raise NotFound(kind="rebuild", id=str(id))
        return json_response(_told(found, store.head))

    @routes.post("/projections/{name}/rebuilds/{id}/cancel", response_model=RebuildTold)
    async def cancel_rebuild(by: Instruct, name: Name, id: UUID) -> Response:
        """End a rebuild before it is done: its copy is removed, and what is read is as it was.

        One that has ended already is told as it is.
        """
        PERMISSIONS.check(by.actor, "view.rebuild")
        cancelled = await views.cancel(known(name).name, id, by.actor.subject)
        if cancelled is None:
            raise NotFound(kind="rebuild", id=str(id))
        return json_response(_told(cancelled, store.head))

    return routes


def _stand(stand: Stand, now: datetime) -> dict[str, Any]:
    since = stand.behind_since
    return {
        "name": stand.view.name,
        "version": stand.view.version,
        "state": "live" if stand.live else "being-folded",
        "generation": stand.generation,
        "position": stand.position,
        "head": stand.head,
        "behind": {
            "positions": stand.head - stand.position,
            "seconds": 0.0 if since is None else max(0.0, round((now - since).total_seconds(), 3)),
        },
        "rows": stand.rows,
        "other_versions": stand.other_versions,
        "rebuild": None if stand.rebuild is None else _told(stand.rebuild, stand.head),
    }


def _told(rebuild: Rebuild, head: int) -> dict[str, Any]:
    """Tell a rebuild; `position` is how far its copy is folded, and only told while it is under way."""
    return {
        "id": str(rebuild.id),
        "view": rebuild.name,
        "version": rebuild.version,
        "check": rebuild.check_only,
        "asked_by": rebuild.asked_by,
        "asked_at": rfc3339(rebuild.asked_at),
        "stage": rebuild.stage,
        "position": rebuild.folded,
        "head": head,
        "compared": rebuild.compared,
        "comparison": rebuild.comparison,
        "outcome": rebuild.outcome,
        "failure": rebuild.failure,
        "ended_at": None if rebuild.ended_at is None else rfc3339(rebuild.ended_at),
    }
