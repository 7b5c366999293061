"""How a service tells the strands of an event, and the way of those that say nothing of it."""

from collections.abc import Callable

from shared.messaging.parking.strands import Strands
from shared.messaging.received import Received

StrandsOf = Callable[[Received], Strands]
"""Tells the strands of an event; pure, also where the payload cannot be read."""


def by_stream(received: Received) -> Strands:
    """Let each stream be a strand, and nothing rest on another."""
    return Strands(received.stream)
