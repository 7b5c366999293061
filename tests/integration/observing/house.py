"""All four services as they are composed, on real engines, with the spans that they make kept in memory."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from io import StringIO
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
import structlog
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter, SpanExportResult
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from deploy.catalogue import SERVICES, build, settings_of
from deploy.local.secrets import Secrets
from deploy.preparing import migrate_all, provision_all
from shared.domain import Actor
from shared.eventstore.store import EventStore
from shared.telemetry.otlp import OpenTelemetry
from shared.web.logging import configure_logging

WITHIN_S = 60
"""Seconds in which what one service did must have come to another, on a machine that has much to do."""

RARELY_S = 366 * 86_400.0
"""Between rounds of the witnesses."""


class TakenAtTheirWord:
    """Takes the header's word for role and subject."""

    def __init__(self, *_: object) -> None:
        """Of what an identity is made nothing counts here."""

    def authenticate(self, authorization: str | None) -> Actor:
        role, _, who = (authorization or "auditor nobody").partition(" ")
        return Actor(subject=who, role=role)


class Spans(SpanExporter):
    """Keeps what ended; tells those who wait for it."""

    def __init__(self) -> None:
        self.ended: list[ReadableSpan] = []
        self._more = asyncio.Event()

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        self.ended += spans
        self._more.set()
        return SpanExportResult.SUCCESS

    def of(self, service: str, name: str, trace: int | None = None) -> list[ReadableSpan]:
        return [
            span
            for span in self.ended
            if (span.resource.attributes["service.name"], span.name) == (service, name)
            and (trace is None or span.context.trace_id == trace)
        ]

    async def one(self, service: str, name: str, trace: int | None = None) -> ReadableSpan:
        """Wait for the first span of a name."""
        async with asyncio.timeout(WITHIN_S):
            while not (found := self.of(service, name, trace)):
                self._more.clear()
                await self._more.wait()
        return found[0]


@dataclass
class House:
    """The services, by name."""

    spans: Spans
    log: StringIO
    clients: dict[str, httpx.AsyncClient] = field(default_factory=dict)
    stores: dict[str, EventStore] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._keys = count(1)

    async def ask(
        self, service: str, method: str, path: str, body: Any = None, **headers: str
    ) -> httpx.Response:
        told = {"Authorization": "admin office", "Idempotency-Key": f"key-{next(self._keys)}"} | headers
        return await self.clients[service].request(method, path, json=body, headers=told)

    def lines(self, event: str) -> list[dict[str, Any]]:
        """What was logged under a name so far."""
        lines = [orjson.loads(line) for line in self.log.getvalue().splitlines()]
        return [line for line in lines if line["event"] == event]

    async def metas(self, service: str, stream: str) -> list[str]:
        """The stored meta of a stream's events."""
        records = await self.stores[service].read(0)
        return [record.meta.decode() for record in records if record.stream == stream]

    async def exposition(self, service: str) -> str:
        response = await self.clients[service].get("/metrics")
        assert response.status_code == 200
        return response.text

    async def families(self, service: str) -> dict[str, Metric]:
        text = await self.exposition(service)
        return {family.name: family for family in text_string_to_metric_families(text)}

    async def sample_names(self) -> set[str]:
        """Every name that a query can ask for, as all services together show them."""
        names: set[str] = set()
        for service in SERVICES:
            for name, family in (await self.families(service)).items():
                names |= {
                    "counter": {f"{name}_total"},
                    "histogram": {f"{name}_bucket", f"{name}_sum", f"{name}_count"},
                }.get(family.type, {name})
        return names


@asynccontextmanager
async def housed(database_url: str, nats_url: str, folder: Path) -> AsyncIterator[House]:
    spans, secrets, log = Spans(), Secrets(folder), StringIO()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configure_logging("local", to=log)
    await migrate_all(database_url)
    await provision_all(database_url, [nats_url])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("shared.service.frame.spare_collections", lambda: None)  # it is for a whole process
        patch.setattr("shared.service.frame.Identity", TakenAtTheirWord)
        patch.setattr(
            "shared.service.frame.tracer_for",
            lambda service, _: OpenTelemetry(service, SimpleSpanProcessor(spans)),
        )
        # All are built before one starts: on a busy machine the loop stands still for seconds meanwhile.
        apps = {name: build(name, _settings(name, database_url, nats_url, secrets)) for name in SERVICES}
        house = House(spans, log)
        async with AsyncExitStack() as stack:
            for name, app in apps.items():
                client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=f"http://{name}")
                await stack.enter_async_context(app.router.lifespan_context(app))
                house.stores[name] = app.state.frame.store
                house.clients[name] = await stack.enter_async_context(client)
            yield house
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def _settings(name: str, database_url: str, nats_url: str, secrets: Secrets) -> Any:
    kind = settings_of(name)
    more = {"webhook_private": True} if name == "notifier" else {}
    return kind(
        database_url=database_url,
        nats_url=nats_url,
        signing_key=secrets.signing_key(name),
        jwks=secrets.jwks(),
        witness_every=RARELY_S,
        **{field: secrets.random_key(field) for field in kind.drawn},
        **more,
    )
