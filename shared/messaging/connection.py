"""How this product connects to NATS: for ever, and without piling up what cannot be sent."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

import structlog
from faststream.nats import NatsBroker
from faststream.nats.security import NatsUserPassword
from nats.aio.client import Client

from shared.messaging.ending import end
from shared.messaging.headers import parse_headers

RECONNECT_EVERY = 1
"""Seconds between attempts to reach a server that is away."""

PARTING = 1.0
"""Seconds that the server gets to let go of a connection in order."""

log = structlog.get_logger()


PING_EVERY = 3
"""Seconds between signs of life; a server that owes two of them is left."""


class Broker(NatsBroker):
    """A broker whose client reads headers faster than it does by itself."""

    async def connect(self) -> Client:
        """Connect, or return the client that is connected already."""
        client = await super().connect()
        client._parse_header_lines = parse_headers  # type: ignore[method-assign, assignment]  # its one hook
        return client


def broker_for(servers: str | Sequence[str], name: str) -> NatsBroker:
    """Build the broker of a process; nothing is opened. ``await broker.connect()`` gives the NATS client."""
    addresses, credentials = _apart([servers] if isinstance(servers, str) else list(servers))
    return Broker(
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
        # More than the batches that a relay has under way: at the limit the client would wait for a flush.
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
    """Let go of a connection in order; at once where the server is away or does not answer."""
    if not await _in_time(broker.stop()):
        await _in_time(nc.close())


async def _in_time(parting: Coroutine[Any, Any, object]) -> bool:
    """Give a step of parting its time; tell whether it succeeded."""
    task = asyncio.ensure_future(parting)
    await asyncio.wait({task}, timeout=PARTING)
    if not task.done():
        await end(task)
        return False
    if task.cancelled():
        return False
    error = task.exception()
    if error is not None:
        # Where the server is away the client may also fail on a transport that is closed already; nothing of
        # it is needed any more.
        log.info("connection.parted-badly", error=repr(error))
    return error is None
