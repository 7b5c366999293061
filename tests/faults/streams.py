"""What is in a service's stream, compared with what is in its store."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import nats
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig
from nats.js.errors import ServiceUnavailableError

from shared.contracts.envelope import stream_name, subject_of, subjects_of
from shared.eventstore.record import Record
from shared.messaging.jetstream import ask
from shared.messaging.received import Received, open_envelope

Message = tuple[int, str, Received]
"""Its sequence, its subject, and the event that it carries."""


@asynccontextmanager
async def listening(url: str) -> AsyncIterator[Client]:
    """Connect to NATS."""
    nc = await nats.connect(url.split(","), error_cb=_expected, max_reconnect_attempts=-1)
    try:
        yield nc
    finally:
        await nc.close()


async def _expected(_: Exception) -> None:
    """Say nothing: servers are killed on purpose."""


async def messages_upto(nc: Client, service: str, position: int) -> list[Message]:
    """Read a whole stream; wait until it has come to a position of the log, and return all that it holds."""
    if position == 0:
        return []
    found: list[Message] = []
    subscription = await nc.jetstream().pull_subscribe(
        subjects_of(service),
        stream=stream_name(service),
        config=ConsumerConfig(ack_policy=AckPolicy.NONE),
    )
    pending = 1
    while pending or found[-1][2].position < position:
        for message in await _fetched(subscription):
            received = open_envelope(message.subject, message.headers, message.data)
            found.append((message.metadata.sequence.stream, message.subject, received))
            pending = message.metadata.num_pending
    await subscription.unsubscribe()
    return found


async def _fetched(subscription: JetStreamContext.PullSubscription) -> list[Msg]:
    """Fetch what comes next; a consumer that has just been made in a cluster may have no leader yet."""
    async with asyncio.timeout(60):
        while True:
            try:
                return await subscription.fetch(500, timeout=30)
            except ServiceUnavailableError:
                await asyncio.sleep(0.05)  # it is elected without a word to whoever made it


async def last_sequence(nc: Client, service: str) -> int:
    """The sequence at which a stream ends."""
    info = await ask(nc, f"STREAM.INFO.{stream_name(service)}")
    last: int = info["state"]["last_seq"]
    return last


def check_same(records: Sequence[Record], messages: Sequence[Message]) -> None:
    """Show that a stream holds every row of the store once, in order, byte for byte, and nothing else."""
    assert [received.position for _, _, received in messages] == [record.position for record in records]
    assert [sequence for sequence, _, _ in messages] == [record.position for record in records]
    for record, (_, subject, received) in zip(records, messages, strict=True):
        assert subject == subject_of(record)
        assert (received.data, received.meta) == (record.data, record.meta), record.position
        assert (received.event_id, received.stream) == (record.event_id, record.stream)
        assert received.leaf() == record.leaf, "whoever receives it can compute its leaf"
