"""Whether another's stream goes on from where an inbox stands, in the same log."""

from uuid import UUID

from nats.aio.client import Client

from shared.contracts.envelope import stream_name
from shared.messaging.configuration import durable_of
from shared.messaging.jetstream import MESSAGE_NOT_FOUND, JetStreamRefused
from shared.messaging.likeness import RESTORE
from shared.messaging.provision import verify_consumer
from shared.messaging.received import MalformedMessage, Received
from shared.messaging.source import Arrival
from shared.messaging.tail import message_at


class BrokenStream(Exception):
    """The stream does not go on from where the inbox stands."""


class OtherLog(BrokenStream):
    """The source carries another log than the one that the inbox has taken in so far."""

    def __init__(self, source: str, tracked: UUID, found: UUID) -> None:
        super().__init__(
            f"{source} carries the log {found}, and this inbox has taken in the log {tracked}: "
            f"{source} was restored or made anew; run `tanfidh restore`"
        )


async def check_acknowledged(nc: Client, service: str, source: str, floor: int, position: int) -> None:
    """Refuse a consumer that has acknowledged more than was taken in: those events would never come again.

    Args:
        nc: a connection that may read the stream.
        service: the one whose inbox and consumer it is.
        source: the service whose stream it is.
        floor: the sequence up to which the consumer has acknowledged everything; 0 for nothing.
        position: up to where the inbox has taken in, read after `floor`.
    """
    beyond = await acknowledged_beyond(nc, source, floor, position)
    durable = durable_of(service, source)
    if beyond is not None:
        raise BrokenStream(
            f"the consumer {durable} has acknowledged position {beyond}, and this inbox stands at {position}:"
            " somebody else took messages from that consumer, or this service was restored from a backup; run"
            " `tanfidh restore`, which makes the consumer anew"
        )


async def acknowledged_beyond(nc: Client, source: str, floor: int, position: int) -> int | None:
    """The position that a consumer has acknowledged, where it is beyond `position`; None where it is not."""
    try:
        last = await _at(nc, source, floor)
    except MalformedMessage:
        return floor if floor > position else None
    return last.position if last is not None and last.position > position else None


async def check_gap(nc: Client, service: str, source: str, earliest: Arrival, position: int) -> None:
    """Find out why the event after `position` does not come, when later ones have.

    Raises:
        BrokenStream: it is not in the stream, or will never come again. Otherwise it will come.
    """
    info = await verify_consumer(nc, service, source)
    await check_acknowledged(nc, service, source, info["ack_floor"]["stream_seq"], position)
    before = await _at(nc, source, earliest.sequence - 1)
    if before is None or before.position <= position:
        raise BrokenStream(
            f"the stream of {source} has a hole: position {position + 1} is missing "
            f"before position {earliest.received.position} (sequence {earliest.sequence} of "
            f"{stream_name(source)}); the relay of {source} fills it as soon as it has found it, and where "
            f"it does not, {RESTORE}"
        )


async def _at(nc: Client, source: str, sequence: int) -> Received | None:
    if sequence < 1:
        return None
    try:
        return await message_at(nc, source, sequence)
    except JetStreamRefused as refusal:
        if refusal.code == MESSAGE_NOT_FOUND:
            return None
        raise
