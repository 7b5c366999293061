"""The benchmarks' stream: dropped and made anew between measurements."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from nats.aio.client import Client

from shared.contracts.envelope import stream_name
from shared.messaging.connection import broker_for
from shared.messaging.jetstream import STREAM_NOT_FOUND, JetStreamRefused, ask
from shared.messaging.provision import provision_stream

SERVICE = "bench"
STREAM = stream_name(SERVICE)


@asynccontextmanager
async def connected(nats_url: str) -> AsyncIterator[Client]:
    """Connect to NATS as a service does."""
    broker = broker_for(nats_url, "bench")
    try:
        yield await broker.connect()
    finally:
        await broker.stop()


async def drop_stream(nc: Client) -> None:
    """Remove what an earlier measurement published."""
    try:
        await ask(nc, f"STREAM.DELETE.{STREAM}")
    except JetStreamRefused as refusal:
        if refusal.code != STREAM_NOT_FOUND:
            raise


async def empty_stream(nc: Client, log_id: UUID) -> None:
    """Have the stream as a service of this log would have it, without a message."""
    await drop_stream(nc)
    await provision_stream(nc, SERVICE, log_id)
