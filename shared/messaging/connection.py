"""How this product connects to NATS: for ever, and without piling up what cannot be sent."""

from collections.abc import Sequence
from contextlib import suppress
from urllib.parse import unquote, urlsplit

import nats.errors
from faststream.nats import NatsBroker
from faststream.nats.security import NatsUserPassword
from nats.aio.client import Client

RECONNECT_EVERY = 1
"""Seconds between attempts to reach a server that is away."""


PING_EVERY = 3
"""Seconds between signs of life; a server that owes two of them is left."""


def broker_for(servers: str | Sequence[str], name: str) -> NatsBroker:
    """Build the broker of a process; nothing is opened. ``await broker.connect()`` gives the NATS client."""
    addresses, credentials = _apart([servers] if isinstance(servers, str) else list(servers))
    return NatsBroker(
        addresses,
        name=name,
        security=credentials,
        apply_types=False,
        logger=None,
        max_reconnect_attempts=-1,
        reconnect_time_wait=RECONNECT_EVERY,
        ping_interval=PING_EVERY,
        max_outstanding_pings=2,
        drain_timeout=5,
        # More than two of the relay's batches: at the limit the client would wait for a flush.
        pending_size=16 * 1024 * 1024,
    )


def _apart(servers: list[str]) -> tuple[list[str], NatsUserPassword | None]:
    """Take user and password out of addresses that all name the same.

    A cluster tells its clients of further servers without them, and the client keeps for those what it was
    given apart from addresses only.
    """
    parts = [urlsplit(server) for server in servers]
    (user, password), *others = {(part.username, part.password) for part in parts}
    if others or user is None or password is None:
        return servers, None
    plain = [part._replace(netloc=part.netloc.rpartition("@")[2]).geturl() for part in parts]
    return plain, NatsUserPassword(unquote(user), unquote(password))


async def part(broker: NatsBroker, nc: Client) -> None:
    """Let go of a connection in order, or at once where the server is away."""
    try:
        await broker.stop()
    except nats.errors.Error:
        with suppress(OSError, nats.errors.Error):
            await nc.close()
