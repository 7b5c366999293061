"""The span of filing a batch of events: part of the first one's trace, linked to those of the others."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from shared.messaging.received import Received
from shared.telemetry.tracing import Tracer, contexts_in


@contextmanager
def traced(tracer: Tracer | None, source: str, events: Sequence[Received]) -> Iterator[None]:
    """Trace filing, where traces are made and an event belongs to one."""
    contexts = contexts_in(received.meta for received in events) if tracer is not None else []
    span = None
    if tracer is not None and contexts:
        span = tracer.follow(
            contexts, f"file {source}", "consumer", source=source, messaging_count=len(events)
        )
    if span is None:
        yield
        return
    try:
        yield
    except BaseException as error:
        span.end(type(error).__name__)
        raise
    span.end(position=events[-1].position)
