"""Traces by OpenTelemetry; imported only where traces are asked for (extra ``telemetry``)."""

import asyncio
import re
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Link, NonRecordingSpan, SpanContext, SpanKind, Status, StatusCode, TraceFlags

from shared.telemetry.tracing import CONTEXT_LIMIT, Fact, Kind

PARTING_S = 2.0
"""Seconds that a collector gets to take the last spans when a service ends."""

PREFIX = "tanfidh."
"""Before every fact that OpenTelemetry's conventions have no name for."""

STANDARD = {
    "http_method": "http.request.method",
    "http_route": "http.route",
    "http_status": "http.response.status_code",
    "messaging_system": "messaging.system",
    "messaging_destination": "messaging.destination.name",
    "messaging_count": "messaging.batch.message_count",
}
"""Facts whose names OpenTelemetry's semantic conventions give."""

_TRACEPARENT = re.compile("[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")

KINDS: Mapping[Kind, SpanKind] = {
    "server": SpanKind.SERVER,
    "internal": SpanKind.INTERNAL,
    "client": SpanKind.CLIENT,
    "producer": SpanKind.PRODUCER,
    "consumer": SpanKind.CONSUMER,
}


class RecordedSpan:
    """A span that is sampled."""

    __slots__ = ("_span", "context")

    def __init__(self, span: trace.Span) -> None:
        self._span = span
        told = span.get_span_context()
        self.context = f"00-{told.trace_id:032x}-{told.span_id:016x}-{told.trace_flags & 1:02x}"

    def rename(self, name: str) -> None:
        """Give it the name that it turned out to have."""
        self._span.update_name(name)

    def note(self, name: str, **facts: Fact) -> None:
        """Note that something happened now."""
        self._span.add_event(name, _named(facts))

    def end(self, fault: str | None = None, **facts: Fact) -> None:
        """End it."""
        if not self._span.is_recording():
            return
        self._span.set_attributes(_named(facts))
        if fault is not None:
            self._span.set_attribute("error.type", fault)
            self._span.set_status(Status(StatusCode.ERROR))
        self._span.end()


class OpenTelemetry:
    """The tracer of one service. Which traces are sampled says ``OTEL_TRACES_SAMPLER``; by default all that
    begin here, and of those that come from elsewhere the sampled ones."""

    def __init__(self, service: str, processor: SpanProcessor) -> None:
        resource = Resource.create({"service.name": service, "service.namespace": "tanfidh"})
        # At exit the library would wait for a collector that is away; see `close`.
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("tanfidh")

    def begin(self, name: str, kind: Kind, **facts: Fact) -> RecordedSpan | None:
        """Begin a span, and with it a trace."""
        return self._start(Context(), (), name, kind, facts)

    def follow(self, contexts: Sequence[str], name: str, kind: Kind, **facts: Fact) -> RecordedSpan | None:
        """Begin a span under the first context that is sampled, linked to the others; None without any."""
        parsed = [found for context in contexts[:CONTEXT_LIMIT] if (found := _parsed(context)) is not None]
        parsed.sort(key=lambda context: not context.trace_flags.sampled)
        if not parsed:
            return None
        first, *others = parsed
        under = trace.set_span_in_context(NonRecordingSpan(first), Context())
        return self._start(under, others, name, kind, facts)

    def _start(
        self, under: Context, linked: Sequence[SpanContext], name: str, kind: Kind, facts: Mapping[str, Fact]
    ) -> RecordedSpan | None:
        links = [Link(context) for context in linked]
        span = self._tracer.start_span(name, under, KINDS[kind], _named(facts), links, record_exception=False)
        return RecordedSpan(span) if span.is_recording() else None

    async def close(self) -> None:
        """Send what is still here; a collector that does not take it in two seconds does without it.

        In a thread that nobody waits for: the library's own time limits are longer than a shutdown may take.
        """
        loop, sent = asyncio.get_running_loop(), asyncio.Event()

        def send() -> None:
            self._provider.shutdown()
            with suppress(RuntimeError):  # the loop has ended without it
                loop.call_soon_threadsafe(sent.set)

        threading.Thread(target=send, name="last spans", daemon=True).start()
        with suppress(TimeoutError):
            await asyncio.wait_for(sent.wait(), PARTING_S)


def exporting(service: str, endpoint: str | None) -> OpenTelemetry:
    """Make a tracer that sends by OTLP over HTTP; without an address the environment has it."""
    return OpenTelemetry(service, BatchSpanProcessor(OTLPSpanExporter(endpoint)))


def _named(facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """Name facts as OpenTelemetry does, and what it has no name for as ours."""
    return {STANDARD.get(fact, PREFIX + fact): value for fact, value in facts.items()}


def _parsed(context: str) -> SpanContext | None:
    match = _TRACEPARENT.fullmatch(context)
    if match is None:
        return None
    return SpanContext(int(match[1], 16), int(match[2], 16), True, TraceFlags(int(match[3], 16)))
