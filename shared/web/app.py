"""One service as a web application, put together from its routers, checks and identity."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.telemetry import TelemetryConfig
from prometheus_client import CollectorRegistry
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp

from shared.domain.refusal import Refusal
from shared.telemetry.tracing import Tracer
from shared.web.answer_model import describing
from shared.web.context import Authenticates, WebContext, context_for, keep_context
from shared.web.dispatch import Dispatch
from shared.web.health import Check
from shared.web.horizon import Horizon, NoLog
from shared.web.joining import joined
from shared.web.limits import Gate
from shared.web.metrics import Measured
from shared.web.openapi import completed, rebuild_answers
from shared.web.operations import operations
from shared.web.problems import problem
from shared.web.refusals import BadRequest, MethodNotAllowed, NoSuchPath
from shared.web.tracing import Traced
from shared.web.validation import refusal_of

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]

NO_TELEMETRY: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "operation_spans": False}


class ServiceApp(FastAPI):
    """A FastAPI application whose endpoints run without FastAPI's solver, behind one gate."""

    def build_middleware_stack(self) -> ASGIApp:
        """Put the gate and the endpoints before FastAPI's own stack, which gets what they leave."""
        dispatch = Dispatch(self.routes, super().build_middleware_stack())
        web: WebContext = self.state.web
        measured = Measured(Gate(dispatch), web.metrics)
        return measured if web.tracer is None else Traced(measured, web.tracer)

    def openapi(self) -> dict[str, Any]:
        """Describe the service; see `shared.web.openapi`."""
        if self.openapi_schema is None:
            with describing():
                rebuild_answers(self.routes)
                self.openapi_schema = completed(super().openapi(), self.routes)
        return self.openapi_schema


def create_app(
    service: str,
    title: str,
    routers: Sequence[APIRouter],
    checks: Mapping[str, Check],
    identity: Authenticates,
    lifespan: Lifespan | None = None,
    version: str = "0.1.0",
    metrics: CollectorRegistry | None = None,
    horizon: Horizon | None = None,
    tracer: Tracer | None = None,
) -> FastAPI:
    """Build the application of a service.

    Args:
        service: the service's name; the ids of commands follow from it, so it never changes.
        title: for the OpenAPI document.
        routers: the service's endpoints, declared as FastAPI has it; ``async def`` only.
        checks: what must be well for the service to be ready, by name.
        identity: who verifies the callers.
        lifespan: opens the components that the service needs, and closes them.
        version: of the interface.
        metrics: where the service's other metrics are; made anew where nothing is given.
        horizon: how far the service has come; nowhere where nothing is given.
        tracer: traces requests, where traces are made.
    """
    app = ServiceApp(
        title=title,
        version=version,
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry=NO_TELEMETRY,
        exception_handlers={
            Refusal: _refused,
            HTTPException: _failed,
            RequestValidationError: _invalid,
        },
    )
    registry = metrics or CollectorRegistry()
    keep_context(app, context_for(service, identity, registry, horizon or NoLog(), tracer))
    app.router.routes += joined((*routers, operations(service, title, version, checks))).routes
    return app


async def _refused(request: Request, error: Exception) -> Response:
    if not isinstance(error, Refusal):
        raise error
    return problem(error, request.headers.get("accept-language"), request.url.path)


async def _invalid(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    return await _refused(request, refusal_of(error.errors()))


async def _failed(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    if error.status_code == HTTPStatus.NOT_FOUND:
        return await _refused(request, NoSuchPath(path=request.url.path))
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = headers.get("Allow", "")
        return await _refused(
            request, MethodNotAllowed(headers=headers, method=request.method, allowed=allowed)
        )
    return await _refused(request, BadRequest(headers=headers))
