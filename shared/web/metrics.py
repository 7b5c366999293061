"""Metrics of HTTP: how long answers take and which problems are told, with labels that stay few."""

from collections import Counter
from collections.abc import Iterator
from time import perf_counter

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.telemetry.spread import Spread, histograms

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Measured(Collector):
    """ASGI: counts and times every answer by route template, method and status class."""

    def __init__(self, app: ASGIApp, registry: CollectorRegistry) -> None:
        self._app = app
        self._answers: Counter[tuple[str, str, str]] = Counter()
        self._seconds: dict[tuple[str, ...], Spread] = {}
        registry.register(self)

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
            route = scope.get("tanfidh.route", "unmatched")
            method = scope["method"] if scope["method"] in METHODS else "other"
            self._answers[route, method, f"{status // 100}xx"] += 1
            seconds = self._seconds.get((route, method))
            if seconds is None:
                seconds = self._seconds[route, method] = Spread(BUCKETS_S)
            seconds.observe(perf_counter() - began)

    def collect(self) -> Iterator[Metric]:
        """Tell all of it."""
        answers = CounterMetricFamily(
            "tanfidh_http_answers", "Answers given", labels=["route", "method", "status"]
        )
        for labels, number in self._answers.items():
            answers.add_metric(labels, number)
        yield answers
        yield histograms("tanfidh_http_seconds", "Time to answer", ["route", "method"], self._seconds)


def exposition(registry: CollectorRegistry) -> Response:
    """Answer with everything in `registry` in the Prometheus text format."""
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_PLAIN_0_0_4)
