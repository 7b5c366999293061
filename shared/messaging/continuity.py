"""Whether another's stream goes on from where an inbox stands, in the same log."""

from uuid import UUID

from nats.aio.client import Client

from shared.messaging.jetstream import MESSAGE_NOT_FOUND, JetStreamRefused
from shared.messaging.provision import verify_consumer
from shared.messaging.received import Received
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


async def check_acknowledged(nc: Client, source: str, floor: int, position: int) -> None:
    """Refuse a consumer that has acknowledged more than was taken in: those events would never come again.

    Args:
        nc: a connection that may read the stream.
        source: the service whose stream it is.
        floor: the sequence up to which the consumer has acknowledged everything; 0 for nothing.
        position: up to where the inbox has taken in, read after `floor`.
    """
    beyond = await acknowledged_beyond(nc, source, floor, position)
    if beyond is not None:
        raise BrokenStream(
            f"the consumer of {source} has acknowledged position {beyond}, and this inbox stands at "
            f"{position}: this service was restored from a backup; run `tanfidh restore`"
        )


async def acknowledged_beyond(nc: Client, source: str, floor: int, position: int) -> int | None:
    """The position that a consumer has acknowledged, where it is beyond `position`; None where it is not."""
    last = await _at(nc, source, floor)
    return last.position if last is not None and last.position > position else None


async def check_gap(nc: Client, service: str, source: str, earliest: Arrival, position: int) -> None:
    """Find out why the event after `position` does not come, when later ones have.

    Raises:
        BrokenStream: it is not in the stream, or will never come again. Otherwise it will come.
    """
    info = await verify_consumer(nc, service, source)
    await check_acknowledged(nc, source, info["ack_floor"]["stream_seq"], position)
    before = await _at(nc, source, earliest.sequence - 1)
    if before is None or before.position <= position:
        raise BrokenStream(
            f"the stream of {source} has a hole: position {position + 1} is missing "
            f"before position {earliest.received.position} (sequence {earliest.sequence})"
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
