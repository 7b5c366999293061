"""Single messages of a service's stream, and where it ends."""

from dataclasses import dataclass
from typing import Any

from nats.aio.client import Client

from shared.contracts.envelope import stream_name
from shared.messaging.held import held
from shared.messaging.jetstream import ask
from shared.messaging.received import Received


@dataclass(frozen=True, slots=True)
class Tail:
    """Where the stream ends: the sequence of its last message, and that message's position in the log."""

    sequence: int
    position: int


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
    return held(message).opened()
