"""The span of a command: from when it is asked until it is told what became of it.

It notes when the command was `decided`, which may be several times, and when a `commit` began that holds it.
"""

from dataclasses import replace

from shared.eventstore.pending import Pending
from shared.telemetry.tracing import FOLLOWED, Tracer


def trace(tracer: Tracer, pending: Pending) -> None:
    """Begin the span of a command that follows a trace; its events carry the span on.

    A command that follows none begins none: requests and sweepers do. Where the trace is not sampled, its
    events carry what the command came with.
    """
    command = pending.command
    by = command.by
    context = by.traceparent or FOLLOWED.get()
    if context is None:
        return
    pending.span = span = tracer.follow(
        [context],
        command.name,
        "internal" if by.inbox is None else "consumer",
        command=command.name,
        command_id=str(by.id),
        correlation=str(by.correlation or by.id),
        **({} if by.causation is None else {"causation": str(by.causation)}),
    )
    if span is not None:
        pending.command = replace(command, by=replace(by, traceparent=span.context))
