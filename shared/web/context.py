"""What every endpoint of a service shares."""

from dataclasses import dataclass
from typing import Protocol
from uuid import NAMESPACE_URL, UUID, uuid5

from fastapi import FastAPI, Request
from prometheus_client import CollectorRegistry

from shared.domain.actor import Actor
from shared.telemetry.tracing import Tracer
from shared.web.horizon import Horizon


class Authenticates(Protocol):
    """Tells who sends a request."""

    def authenticate(self, authorization: str | None) -> Actor:
        """Return the actor that the Authorization header proves; refuse as unauthenticated."""


@dataclass(frozen=True, slots=True)
class WebContext:
    """What every endpoint of a service shares."""

    service: str
    namespace: UUID
    identity: Authenticates
    metrics: CollectorRegistry
    horizon: Horizon
    tracer: Tracer | None = None


def context_for(
    service: str,
    identity: Authenticates,
    metrics: CollectorRegistry,
    horizon: Horizon,
    tracer: Tracer | None = None,
) -> WebContext:
    """Build the context of a service; the namespace of its command ids follows from its name."""
    namespace = uuid5(NAMESPACE_URL, f"https://tanfidh.org/services/{service}")
    return WebContext(service, namespace, identity, metrics, horizon, tracer)


def keep_context(app: FastAPI, context: WebContext) -> None:
    """Give the application its context."""
    app.state.web = context


def context_of(request: Request) -> WebContext:
    """Return the context of the application that the request came to."""
    context: WebContext = request.app.state.web
    return context
