"""Leaving a server of a cluster that is alive but cannot serve: cut off from the others, or not in step yet.

The client leaves a server that is gone by itself. One that was cut off from the majority answers pings for
ever; its streams have no leader there, so nothing could be published or taken in through it.
"""

import asyncio
from typing import Any

import structlog
from nats.aio.client import Client

from shared.contracts.envelope import stream_name
from shared.messaging.configuration import SECOND
from shared.messaging.jetstream import JetStreamRefused, ask
from shared.messaging.outage import BROKER_OUTAGE

EVERY = 2.0
"""Seconds between two questions."""

PATIENCE = 2.0
"""Seconds that each of them gets."""

ENOUGH = 3
"""Questions in a row without a good answer, after which another server is tried."""

LATELY = 5.0
"""Seconds since a leader heard of a replica, up to which it counts; they speak at least once a second."""

log = structlog.get_logger()


async def keep_served(nc: Client, service: str) -> None:
    """Ask again and again about the service's own stream; go to another server where it has no leader here.

    Where no server does better, all of them are tried by turns: the cluster as a whole is away then.
    """
    failures = 0
    while True:
        await asyncio.sleep(EVERY)
        failures = failures + 1 if nc.is_connected and not await _is_led(nc, service) else 0
        if failures == ENOUGH:
            failures = 0
            server = nc.connected_url.netloc.rpartition("@")[2] if nc.connected_url else ""
            log.warning("broker.left", service=service, server=server)
            await nc.force_reconnect()


async def _is_led(nc: Client, service: str) -> bool:
    """Whether the stream has a leader that a majority of its replicas has answered lately.

    A server that is cut off tells of the stream as it last was: at first as its leader, then without one.
    """
    try:
        async with asyncio.timeout(PATIENCE):
            info = await ask(nc, f"STREAM.INFO.{stream_name(service)}")
    except JetStreamRefused:
        return True  # an answer; what it says is for others to judge
    except BROKER_OUTAGE:
        return False
    return is_led(info.get("cluster"))


def is_led(cluster: dict[str, Any] | None) -> bool:
    """Judge what a server tells of a stream's group; None where there is no cluster."""
    if cluster is None:
        return True
    others = cluster.get("replicas") or []
    heard = [one for one in others if one.get("active", 0) < LATELY * SECOND]
    return bool(cluster.get("leader")) and 2 * (1 + len(heard)) > 1 + len(others)
