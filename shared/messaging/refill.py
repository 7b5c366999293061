"""A stream made anew, and filled from its store while the service is stopped."""

from collections.abc import Callable

from nats.aio.client import Client

from shared.contracts.envelope import stream_name
from shared.eventstore.stored import StoredLog
from shared.messaging.configuration import durable_of
from shared.messaging.continuity import acknowledged_beyond
from shared.messaging.jetstream import CONSUMER_NOT_FOUND, STREAM_NOT_FOUND, JetStreamRefused, ask
from shared.messaging.provision import Missing, provision_consumer, provision_stream, verify_consumer
from shared.messaging.publisher import MAX_BATCH, Publisher, first_batch


async def delete_stream(nc: Client, service: str) -> None:
    """Delete a service's stream with its consumers; none is as good."""
    await _delete(nc, f"STREAM.DELETE.{stream_name(service)}")


async def refill(nc: Client, log: StoredLog, told: Callable[[int], None], replicas: int = 1) -> None:
    """Provision the stream and publish what it lacks; tell the position reached after every batch.

    What it holds already was compared with the log before.

    Raises:
        NotAccepted: somebody else published meanwhile, or NATS did not answer; it can be done again.
    """
    stream = await provision_stream(nc, log.service, log.log_id, replicas)
    sequence = position = stream.last_sequence
    async with Publisher(nc, stream_name(log.service), log.lineage) as publisher:
        while records := await log.read(position, MAX_BATCH):
            batch = publisher.prepare(first_batch(records), sequence)
            await publisher.send(batch)
            await publisher.accepted(batch)
            sequence, position = batch.sequence, batch.position
            told(position)


async def consumer_serves(nc: Client, service: str, source: str, position: int) -> bool:
    """Whether a service's consumer exists and still gives every event of the source after `position`."""
    try:
        info = await verify_consumer(nc, service, source)
    except Missing:
        return False
    return await acknowledged_beyond(nc, source, info["ack_floor"]["stream_seq"], position) is None


async def renew_consumer(nc: Client, service: str, source: str) -> None:
    """Make a service's consumer of another's stream anew; it begins at the first event."""
    await _delete(nc, f"CONSUMER.DELETE.{stream_name(source)}.{durable_of(service, source)}")
    await provision_consumer(nc, service, source)


async def _delete(nc: Client, subject: str) -> None:
    try:
        await ask(nc, subject)
    except JetStreamRefused as refusal:
        if refusal.code not in (STREAM_NOT_FOUND, CONSUMER_NOT_FOUND):
            raise
