"""Leaving a server of a cluster that is alive but cannot serve: cut off from the others, or not in step yet.

The client leaves a server that is gone by itself. One that was cut off from the majority answers pings for
ever; its streams have no leader there, so nothing could be published or taken in through it.
"""

import asyncio

import structlog
from nats.aio.client import Client

from shared.contracts.envelope import stream_name
from shared.messaging.jetstream import JetStreamRefused, ask
from shared.messaging.outage import BROKER_OUTAGE

EVERY = 2.0
"""Seconds between two questions."""

PATIENCE = 2.0
"""Seconds that each of them gets."""

ENOUGH = 3
"""Questions in a row without an answer, after which another server is tried."""

log = structlog.get_logger()


async def keep_served(nc: Client, service: str) -> None:
    """Ask again and again about the service's own stream; go to another server when nobody answers here.

    Where no server answers, all of them are tried by turns: the cluster as a whole is away then.
    """
    failures = 0
    while True:
        await asyncio.sleep(EVERY)
        if not nc.is_connected:
            failures = 0
            continue
        try:
            async with asyncio.timeout(PATIENCE):
                await ask(nc, f"STREAM.INFO.{stream_name(service)}")
        except JetStreamRefused:
            failures = 0  # an answer, whatever it says: it is for others to judge
        except BROKER_OUTAGE as reason:
            failures += 1
            if failures == ENOUGH:
                failures = 0
                server = nc.connected_url.netloc.rpartition("@")[2] if nc.connected_url else ""
                log.warning("broker.left", service=service, server=server, reason=repr(reason))
                await nc.force_reconnect()
        else:
            failures = 0
