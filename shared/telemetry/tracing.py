"""The seam behind which traces are made; without a tracer nobody here knows of any.

A context is what W3C calls a traceparent. It travels where everything else about an event does: in the stored
meta, and with that in the envelope. So a trace goes on after a restart, and in a replay years later.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal, Protocol

Kind = Literal["server", "internal", "client", "producer", "consumer"]
"""What a span is to its trace; the words are OpenTelemetry's."""

Fact = str | int | float | bool
"""What a span may say. Nothing personal, no secret, and no text that somebody wrote."""

CONTEXT_LIMIT = 100
"""Contexts that one span follows, at most; the library drops links beyond 128."""

_STORED = re.compile(rb'"traceparent":"([0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2})"')

FOLLOWED: ContextVar[str | None] = ContextVar("followed", default=None)
"""The context of commands that carry none of their own."""


class Span(Protocol):
    """A part of a trace that has begun and is recorded."""

    @property
    def context(self) -> str:
        """The traceparent for what follows from it."""

    def rename(self, name: str) -> None:
        """Give it the name that it turned out to have."""

    def note(self, name: str, **facts: Fact) -> None:
        """Note that something happened now."""

    def end(self, fault: str | None = None, **facts: Fact) -> None:
        """End it, with a short name of the fault where there was one; ended again, nothing happens."""


class Tracer(Protocol):
    """Makes the spans of one service. What is not sampled is None."""

    def begin(self, name: str, kind: Kind, **facts: Fact) -> Span | None:
        """Begin a span, and with it a trace."""

    def follow(self, contexts: Sequence[str], name: str, kind: Kind, **facts: Fact) -> Span | None:
        """Begin a span under the first context that is sampled, linked to the others; None without any."""

    async def close(self) -> None:
        """Send what is still here, as far as that takes no long time."""


def contexts_in(metas: Iterable[bytes]) -> list[str]:
    """Find the different contexts in stored meta of events, in order; at most `CONTEXT_LIMIT`."""
    found: dict[str, None] = {}
    for meta in metas:
        if (match := _STORED.search(meta)) is not None:
            found[match[1].decode()] = None
            if len(found) == CONTEXT_LIMIT:
                break
    return list(found)


@contextmanager
def following(span: Span | None) -> Iterator[None]:
    """Let commands that carry no context of their own follow a span."""
    if span is None:
        yield
        return
    token = FOLLOWED.set(span.context)
    try:
        yield
    finally:
        FOLLOWED.reset(token)
