"""What a simulation left in the streams, and whether it is what the stores hold."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from nats.aio.client import Client
from nats.js.api import AckPolicy, ConsumerConfig

from deploy.catalogue import SERVICES
from shared.contracts.envelope import stream_name, subjects_of
from shared.eventstore.stored import StoredLog
from shared.messaging.connection import broker_for
from shared.messaging.jetstream import ask
from shared.messaging.received import Received, open_envelope

AT_ONCE = 500
PATIENCE = 10.0
"""Seconds that the next messages may take."""

Streams = Mapping[str, list[Received]]
"""Every event of each service, as its stream has it, in order."""


async def read_streams(nats_url: str) -> Streams:
    """Read every stream from its first message to its last."""
    async with _connected(nats_url) as nc:
        return {service: await _read(nc, service) for service in SERVICES}


async def differences(streams: Streams, database_url: str) -> list[str]:
    """Say where a stream is not its store's log, event by event and leaf by leaf; nothing where it is."""
    found: list[str] = []
    for service, events in streams.items():
        log = await StoredLog.open(service, database_url)
        try:
            records = await log.read(0, log.head)
        finally:
            await log.close()
        if len(records) != len(events):
            found.append(f"{service}: its stream holds {len(events)} events, its store {len(records)}")
        for event, record in zip(events, records, strict=False):
            if (event.position, event.leaf()) != (record.position, record.leaf):
                found.append(f"{service}: stream and store differ at position {record.position}")
                break
    return found


@asynccontextmanager
async def _connected(nats_url: str) -> AsyncIterator[Client]:
    broker = broker_for(nats_url, "tanfidh simulate")
    client = await broker.connect()
    try:
        yield client
    finally:
        await broker.stop()


async def _read(nc: Client, service: str) -> list[Received]:
    info = await ask(nc, f"STREAM.INFO.{stream_name(service)}")
    events: list[Received] = []
    if info["state"]["messages"] == 0:
        return events
    subscription = await nc.jetstream().pull_subscribe(
        subjects_of(service), stream=stream_name(service), config=ConsumerConfig(ack_policy=AckPolicy.NONE)
    )
    while len(events) < info["state"]["messages"]:
        for message in await subscription.fetch(AT_ONCE, timeout=PATIENCE):
            events.append(open_envelope(message.subject, message.headers, message.data))
    await subscription.unsubscribe()
    return events
