"""Where a store and its stream part: what the stream has and a restored store does not."""

from dataclasses import dataclass
from uuid import UUID

from nats.aio.client import Client

from shared.eventstore.stored import StoredLog
from shared.messaging.jetstream import MESSAGE_NOT_FOUND, JetStreamRefused
from shared.messaging.provision import Missing, verify_stream
from shared.messaging.received import MalformedMessage, Received
from shared.messaging.tail import message_at


@dataclass(frozen=True, slots=True)
class Divergence:
    """What a stream holds, compared with the store.

    Attributes:
        log_id: the log that the stream says it carries.
        matched: the last position at which both have the same event; 0 where there is none.
        lost: the events after it that the store does not have, in order.
        unreadable: messages among them that are no events of ours.
    """

    log_id: UUID
    matched: int
    lost: tuple[Received, ...]
    unreadable: int


async def compare(nc: Client, log: StoredLog) -> Divergence | None:
    """Walk back from the stream's end to an event that the store has; None where there is no stream.

    Each event's position, id and moment are in it, so that up to the first one in common both agree.

    Raises:
        ProvisioningRefused: the stream under that name is not as it should be.
    """
    try:
        stream = await verify_stream(nc, log.service)
    except Missing:
        return None
    lost: list[Received] = []
    unreadable = 0
    matched = 0
    for sequence in range(stream.last_sequence, stream.last_sequence - stream.messages, -1):
        try:
            message = await message_at(nc, log.service, sequence)
        except MalformedMessage:
            unreadable += 1
            continue
        except JetStreamRefused as refusal:
            if refusal.code != MESSAGE_NOT_FOUND:
                raise
            unreadable += 1
            continue
        if await _has(log, message):
            matched = message.position
            break
        lost.append(message)
    return Divergence(stream.log_id, matched, tuple(reversed(lost)), unreadable)


async def _has(log: StoredLog, message: Received) -> bool:
    own = await log.record_at(message.position)
    return own is not None and (own.stream, own.meta, own.data) == (
        message.stream,
        message.meta,
        message.data,
    )
