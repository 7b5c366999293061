"""Metrics of HTTP: how long answers take and which problems are told, with labels that stay few."""

from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Measured:
    """ASGI: counts and times every answer by route template, method and status class."""

    def __init__(self, app: ASGIApp, registry: CollectorRegistry) -> None:
        self._app = app
        labels = ("route", "method", "status")
        self._answers = Counter("tanfidh_http_answers", "Answers given", labels, registry=registry)
        self._seconds = Histogram(
            "tanfidh_http_seconds", "Time to answer", labels[:2], registry=registry, buckets=BUCKETS_S
        )
        self._known: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Measure one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = perf_counter()
        status = 500

        async def send_on(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_on)
        finally:
            key = (scope.get("tanfidh.route", "unmatched"), scope["method"], status // 100)
            answers, seconds = self._known.get(key) or self._series(key)
            answers.inc()
            seconds.observe(perf_counter() - began)

    def _series(self, key: tuple[str, str, int]) -> tuple[Counter, Histogram]:
        route, method, status = key
        method = method if method in METHODS else "other"
        series = (
            self._answers.labels(route, method, f"{status}xx"),
            self._seconds.labels(route, method),
        )
        if method != "other":
            self._known[key] = series
        return series


def exposition(registry: CollectorRegistry) -> Response:
    """Answer with everything in `registry` in the Prometheus text format."""
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_PLAIN_0_0_4)
