"""The end of a service's own stream, and whether it is really the store's."""

import base64
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from nats.aio.client import Client

from shared.contracts.envelope import stream_name, subject_of
from shared.eventstore.record import Record
from shared.messaging.jetstream import ask
from shared.messaging.provision import StreamFound
from shared.messaging.received import MalformedMessage, Received, open_envelope


class ForeignMessage(Exception):
    """The stream holds something that this store did not publish at that position."""


class StoreBehindStream(Exception):
    """The stream goes further than the store: the store was restored from a backup, or lost its end."""


@dataclass(frozen=True, slots=True)
class Tail:
    """Where the stream ends: the sequence of its last message, and that message's position in the log."""

    sequence: int
    position: int


class Log(Protocol):
    """What has to be known of the store."""

    @property
    def service(self) -> str: ...  # noqa: D102 - see EventStore
    @property
    def log_id(self) -> UUID: ...  # noqa: D102
    @property
    def head(self) -> int: ...  # noqa: D102
    async def record_at(self, position: int) -> Record | None: ...  # noqa: D102


async def message_at(nc: Client, service: str, sequence: int) -> Received:
    """Read one message of a service's stream.

    Raises:
        MalformedMessage: it is no event of ours.
        JetStreamRefused: there is no such message.
    """
    return (await read_message(nc, service, {"seq": sequence}))[1]


async def read_message(nc: Client, service: str, asked: dict[str, object]) -> tuple[int, Received]:
    """Read the message of a service's stream that JetStream finds for a question, and its sequence.

    Raises as `message_at`.
    """
    sequence, message = await ask_message(nc, service, asked)
    return sequence, opened(message)


async def ask_message(nc: Client, service: str, asked: dict[str, object]) -> tuple[int, dict[str, Any]]:
    """Ask for a message as JetStream tells it, and its sequence. Raises JetStreamRefused."""
    message = (await ask(nc, f"STREAM.MSG.GET.{stream_name(service)}", asked))["message"]
    return message["seq"], message


def opened(message: dict[str, Any]) -> Received:
    """Read the event in a message. Raises MalformedMessage."""
    headers = _headers(base64.b64decode(message.get("hdrs", "")))
    return open_envelope(message["subject"], headers, base64.b64decode(message.get("data", "")))


async def read_tail(nc: Client, log: Log, stream: StreamFound) -> Tail:
    """Read the stream's last message and compare it with the store's event at its position.

    Raises:
        ForeignMessage, StoreBehindStream: publishing behind it would make two histories.
    """
    if stream.messages == 0:
        return Tail(stream.last_sequence, 0)
    where = f"the last message of {stream_name(log.service)} (sequence {stream.last_sequence})"
    try:
        last = await message_at(nc, log.service, stream.last_sequence)
    except MalformedMessage as error:
        raise ForeignMessage(f"{where} was not published by the store of {log.service}: {error}") from error
    if last.log_id != log.log_id:
        raise ForeignMessage(
            f"{where} belongs to the log {last.log_id}; the store has {log.log_id}: run `tanfidh restore`"
        )
    own = await log.record_at(last.position)
    if own is None:
        raise StoreBehindStream(
            f"{where} is position {last.position}, and the store of {log.service} ends at {log.head}: "
            f"it was restored from a backup or lost its end; run `tanfidh restore`"
        )
    same = own.event_id == last.event_id and own.meta == last.meta and own.data == last.data
    if not same or own.stream != last.stream:
        raise ForeignMessage(
            f"{where} is the event {last.event_id} at position {last.position}, where the store of "
            f"{log.service} has {own.event_id} on {subject_of(own)}: the store was restored from a "
            f"backup and written to since, or another store published there; run `tanfidh restore`"
        )
    return Tail(stream.last_sequence, last.position)


def _headers(block: bytes) -> dict[str, str]:
    lines = block.decode("utf-8", "replace").split("\r\n")[1:]
    pairs = (line.partition(":") for line in lines if line)
    return {name.strip(): value.strip() for name, _, value in pairs}
