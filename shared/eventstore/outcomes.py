"""What can become of a command, in the words of metrics and traces."""

from typing import Any

from shared.domain.refusal import Refusal
from shared.eventstore.command import Outcome
from shared.eventstore.errors import (
    IdempotencyMismatch,
    InboxMoved,
    PreconditionFailed,
    PredecessorFailed,
    StoreUnavailable,
)
from shared.telemetry.tracing import Span

DECIDED, REPEATED, CONFLICT, REFUSED, FAILED = "decided", "repeated", "conflict", "refused", "failed"

CONFLICTS = (PreconditionFailed, IdempotencyMismatch, InboxMoved, PredecessorFailed)


def outcome_of(outcome: Outcome[Any] | BaseException) -> str:
    """Class an outcome: `conflict` is to be asked again on what is so now, `failed` is nobody's decision."""
    if isinstance(outcome, Outcome):
        return REPEATED if outcome.repeated else DECIDED
    if isinstance(outcome, CONFLICTS):
        return CONFLICT
    if isinstance(outcome, Refusal) and not isinstance(outcome, StoreUnavailable):
        return REFUSED
    return FAILED


def end_span(span: Span, outcome: Outcome[Any] | BaseException) -> None:
    """End the span of a command with what became of it; texts of refusals may hold what a client wrote."""
    told = outcome_of(outcome)
    if isinstance(outcome, Outcome):
        span.end(outcome=told, position=outcome.position, events=outcome.events)
    elif told == FAILED:
        span.end(type(outcome).__name__, outcome=told)
    else:
        span.end(outcome=told, refusal=getattr(outcome, "slug", type(outcome).__name__))
