"""What goes wrong with a stream, or is done to it by whoever may write there or read its files."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

from nats.aio.client import Client

from shared.eventstore.record import Record
from shared.eventstore.store import EventStore
from shared.messaging.held import held
from shared.messaging.jetstream import ask
from shared.messaging.provision import provision_stream
from shared.messaging.publisher import Publisher
from shared.messaging.tail import ask_message

STREAM = "EVT_LETTERS"

Sent = tuple[str, dict[str, str], bytes]
"""Subject, headers and payload of a message."""

Meta = dict[str, Any]
"""The parsed meta of an event."""


async def copy_again(nc: Client, sequence: int) -> None:
    """Publish a message of the stream once more, behind its end."""
    subject, headers, data = await sent(nc, sequence)
    await nc.jetstream().publish(subject, data, headers=headers)


async def forge(nc: Client, after: int, **payload: str) -> None:
    """Publish a well-formed event of the next position, made of the event at a sequence."""
    data = json.loads((await sent(nc, after))[2]) | payload
    await forge_as(nc, after, lambda meta: (meta, json.dumps(data).encode()))


async def forge_as(nc: Client, after: int, change: Callable[[Meta], tuple[Meta, bytes]]) -> None:
    """The same, with whatever is made of the meta, and with that body."""
    subject, headers, _ = await sent(nc, after)
    meta = json.loads(headers["tf-meta"])
    meta, body = change(meta | {"id": str(uuid4()), "version": meta["version"] + 1})
    headers |= {
        "tf-meta": json.dumps(meta, separators=(",", ":")),
        "ce-id": meta["id"],
        "tf-position": str(int(headers["tf-position"]) + 1),
    }
    await nc.jetstream().publish(subject, body, headers=headers)


async def sent(nc: Client, sequence: int) -> Sent:
    """A message as it was sent: its subject, its headers but for those of the publishing, its payload."""
    message = held((await ask_message(nc, "letters", {"seq": sequence}))[1])
    lines = [line.partition(":") for line in message.headers.decode().split("\r\n")[1:] if line]
    headers = {name: value.strip() for name, _, value in lines if not name.startswith("Nats-")}
    return message.subject, headers, message.data


async def cut(nc: Client, kept: int) -> None:
    """Have the server drop all but the last messages, and leave the configuration as it was."""
    config = (await ask(nc, f"STREAM.INFO.{STREAM}"))["config"]
    for change in ({"max_msgs": kept, "discard": "old"}, {}):
        await ask(nc, f"STREAM.UPDATE.{STREAM}", config | change)


async def fill(nc: Client, store: EventStore, records: list[Record], after: int = 0) -> None:
    """Publish records behind a sequence, as a relay would, whichever they are."""
    await provision_stream(nc, "letters", store.log_id)
    await publish(nc, store, records, after)


async def publish(nc: Client, store: EventStore, records: list[Record], after: int = 0) -> None:
    """The same into a stream that there is, as it is."""
    async with Publisher(nc, STREAM, store.log_id) as publisher:
        batch = publisher.prepare(records, after)
        await publisher.send(batch)
        await publisher.accepted(batch)


def damage(folder: Path, text: bytes) -> None:
    """Change one digit of a stored message, in the file of a server that is stopped."""
    [block] = [file for file in folder.rglob(f"{STREAM}/msgs/*.blk") if text in file.read_bytes()]
    content = block.read_bytes()
    at = content.index(text)
    with block.open("r+b") as file:
        file.seek(at)
        file.write(b"#")


async def state(nc: Client) -> dict[str, Any]:
    """What the server counts of the stream."""
    told: dict[str, Any] = (await ask(nc, f"STREAM.INFO.{STREAM}"))["state"]
    return told


async def rewrite(nc: Client, sequence: int, change: Callable[[Sent], Sent]) -> None:
    """Make the stream anew with the same messages, but for one that is changed."""
    info = await ask(nc, f"STREAM.INFO.{STREAM}")
    messages = [await sent(nc, number) for number in range(1, info["state"]["last_seq"] + 1)]
    messages[sequence - 1] = change(messages[sequence - 1])
    await ask(nc, f"STREAM.DELETE.{STREAM}")
    await ask(nc, f"STREAM.CREATE.{STREAM}", info["config"])
    for subject, headers, data in messages:
        await nc.jetstream().publish(subject, data, headers=headers)
