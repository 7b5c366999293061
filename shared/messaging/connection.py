"""How this product connects to NATS: for ever, and without piling up what cannot be sent."""

from collections.abc import Sequence
from contextlib import suppress

import nats.errors
from faststream.nats import NatsBroker
from nats.aio.client import Client

RECONNECT_EVERY = 1
"""Seconds between attempts to reach a server that is away."""


def broker_for(servers: str | Sequence[str], name: str) -> NatsBroker:
    """Build the broker of a process; nothing is opened. ``await broker.connect()`` gives the NATS client."""
    return NatsBroker(
        servers,
        name=name,
        apply_types=False,
        logger=None,
        max_reconnect_attempts=-1,
        reconnect_time_wait=RECONNECT_EVERY,
        ping_interval=10,
        max_outstanding_pings=2,
        drain_timeout=5,
        # More than two of the relay's batches: at the limit the client would wait for a flush.
        pending_size=16 * 1024 * 1024,
    )


async def part(broker: NatsBroker, nc: Client) -> None:
    """Let go of a connection in order, or at once where the server is away."""
    try:
        await broker.stop()
    except nats.errors.Error:
        with suppress(OSError, nats.errors.Error):
            await nc.close()
