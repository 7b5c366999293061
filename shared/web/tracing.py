"""The span of a request. Commands, and lines in the log, follow it by the header in which it is passed on."""

from starlette._utils import get_route_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.telemetry.tracing import Span, Tracer
from shared.web.headers import trace_context
from shared.web.metrics import METHODS

HEADER = b"traceparent"

UNTRACED = frozenset({"/livez", "/readyz", "/metrics"})
"""What machines ask every few seconds."""


class Traced:
    """ASGI: follows the trace that a request names, or begins one.

    A request whose trace is not sampled goes on as it came, with its own header if it has one.
    """

    def __init__(self, app: ASGIApp, tracer: Tracer) -> None:
        self._app = app
        self._tracer = tracer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Trace one request."""
        span = self._begin(scope) if scope["type"] == "http" else None
        if span is None:
            await self._app(scope, receive, send)
            return
        others = [header for header in scope["headers"] if header[0] != HEADER]
        scope["headers"] = [*others, (HEADER, span.context.encode())]
        status = 500

        async def send_on(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_on)
        finally:
            _end(span, scope, status)

    def _begin(self, scope: Scope) -> Span | None:
        if get_route_path(scope) in UNTRACED:
            return None
        method = _method(scope)
        given = [value for name, value in scope["headers"] if name == HEADER]
        if len(given) > 1:  # refused further on, as any header is that was sent twice
            return None
        context = trace_context(given[0].decode("latin-1")) if given else None
        if context is None:
            return self._tracer.begin(method, "server", http_method=method)
        return self._tracer.follow([context], method, "server", http_method=method)


def _end(span: Span, scope: Scope, status: int) -> None:
    """Name it by the template of its path: the path itself may say whom it is about."""
    route = scope.get("tanfidh.route")
    if route is not None:
        span.rename(f"{_method(scope)} {route}")
    span.end(
        str(status) if status >= 500 else None,
        http_status=status,
        **({} if route is None else {"http_route": route}),
    )


def _method(scope: Scope) -> str:
    return scope["method"] if scope["method"] in METHODS else "_OTHER"
