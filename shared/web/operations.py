"""What every service answers about itself: health, metrics, problem types, its own description."""

from collections.abc import Mapping
from typing import Any, Literal

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response

from shared.contracts.text import Text
from shared.web.answer_model import AnswerModel, Items
from shared.web.answers import json_response
from shared.web.asyncapi import asyncapi
from shared.web.context import context_of
from shared.web.health import Check, readiness
from shared.web.leaving import ShuttingDown, is_leaving
from shared.web.metrics import exposition
from shared.web.problems import TYPES, known_problems
from shared.web.refusals import NoSuchPath


class Alive(AnswerModel):
    """The process lives."""

    status: Literal["ok"]


class Ready(Alive):
    """Every check is well, by name."""

    checks: dict[str, Literal["ok"]]


class ProblemType(AnswerModel):
    """A type of problem, with its texts as they are before the facts of a case are put in."""

    type: str
    status: int
    title: Text
    detail: Text | None


def links(mount: str) -> dict[str, str]:
    """Tell where a service under `mount` describes itself; none of it needs credentials."""
    return {
        "openapi": f"{mount}/openapi.json",
        "asyncapi": f"{mount}/asyncapi.json",
        "problems": f"{mount}/problems",
        "readyz": f"{mount}/readyz",
        "livez": f"{mount}/livez",
        "metrics": f"{mount}/metrics",
    }


def operations(service: str, title: str, version: str, checks: Mapping[str, Check]) -> APIRouter:
    """Build the endpoints that need no credentials."""
    router = APIRouter(tags=["operations"])

    @router.get("/", include_in_schema=False)
    async def index(request: Request) -> Response:
        return json_response(
            {"service": service, "title": title, "links": links(request.scope.get("root_path", ""))}
        )

    @router.get("/livez", response_model=Alive, summary="The process lives")
    async def livez() -> Response:
        return json_response({"status": "ok"})

    @router.get("/readyz", response_model=Ready, summary="The service can serve; 503 names what is missing")
    async def readyz(request: Request) -> Response:
        if is_leaving(request.scope):
            raise ShuttingDown()
        return json_response({"status": "ok", "checks": await readiness(checks)})

    @router.get("/metrics", summary="Metrics in the Prometheus text format", response_class=PlainTextResponse)
    async def metrics(request: Request) -> Response:
        return exposition(context_of(request).metrics)

    @router.get(
        "/problems", response_model=Items[ProblemType], summary="All types of problems, in both languages"
    )
    async def problems() -> Response:
        return json_response({"items": known_problems()})

    @router.get("/problems/{slug}", response_model=ProblemType, summary="One of them, in both languages")
    async def one_problem(slug: str, request: Request) -> Response:
        for known in known_problems():
            if known["type"] == TYPES + slug:
                return json_response(known)
        raise NoSuchPath(path=request.url.path)

    @router.get("/openapi.json", include_in_schema=False)
    async def openapi(request: Request) -> Response:
        mount = request.scope.get("root_path", "")
        described: dict[str, Any] = request.app.openapi()
        return json_response({**described, "servers": [{"url": mount or "/"}]})

    @router.get("/asyncapi.json", include_in_schema=False)
    async def events() -> Response:
        return json_response(asyncapi(service, title, version))

    return router
