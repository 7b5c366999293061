"""Batches on their way into a real stream: where they land, and what ends them."""

import base64
from dataclasses import replace
from typing import Any, cast

import pytest
from nats.aio.client import Client

from shared.eventstore.store import EventStore
from shared.messaging.jetstream import ask
from shared.messaging.provision import provision_stream
from shared.messaging.publisher import MAX_BATCH_BYTES, NotAccepted, Publisher, first_batch
from shared.telemetry.tracing import Tracer
from tests.integration.messaging.conftest import OpenStore
from tests.integration.messaging.sample import write

FOREIGN = b"PUB evt.letters.letter.one.foreign 2\r\n{}\r\n"


@pytest.fixture
async def store(open_store: OpenStore) -> EventStore:
    return await open_store("letters")


async def test_a_batch_lands_only_behind_the_sequence_it_was_made_for(store: EventStore, nc: Client) -> None:
    await write(store, "one", "two", "three")
    records = await store.read(0)
    await provision_stream(nc, "letters", store.log_id)
    async with Publisher(nc, "EVT_LETTERS", store.log_id) as publisher:
        for batch in (publisher.prepare(records, 5), publisher.prepare(records[:1], 5)):
            await publisher.send(batch)
            with pytest.raises(NotAccepted, match="refused"):
                await publisher.accepted(batch)

    assert (await ask(nc, "STREAM.INFO.EVT_LETTERS"))["state"]["messages"] == 0


@pytest.mark.parametrize(("instead", "stored"), [(FOREIGN, 3), (b"", 2)], ids=["a foreign one", "nothing"])
async def test_a_batch_ends_where_its_next_message_is_not_right_behind(
    store: EventStore, nc: Client, instead: bytes, stored: int
) -> None:
    """The fourth expects the sequence that a foreign third message has given, and is not taken either."""
    await write(store, *"abcdef")
    await provision_stream(nc, "letters", store.log_id)
    async with Publisher(nc, "EVT_LETTERS", store.log_id) as publisher:
        batch = publisher.prepare(await store.read(0), 0)
        first, second, _, *others = batch.frames.split(b"HPUB ")[1:]
        frames = b"HPUB %bHPUB %b%b" % (first, second, instead) + b"".join(b"HPUB " + one for one in others)
        await publisher.send(replace(batch, frames=frames))
        with pytest.raises(NotAccepted, match="EVT_LETTERS"):
            await publisher.accepted(batch)
        await nc.flush()

    messages = [await ask(nc, "STREAM.MSG.GET.EVT_LETTERS", {"seq": n + 1}) for n in range(stored)]
    assert (await ask(nc, "STREAM.INFO.EVT_LETTERS"))["state"]["last_seq"] == stored
    assert [base64.b64decode(one["message"]["data"]) for one in messages[:2]] == [
        record.data for record in (await store.read(0))[:2]
    ]


async def test_publishing_where_there_is_no_stream_is_noticed_at_once(store: EventStore, nc: Client) -> None:
    await write(store, "one")
    async with Publisher(nc, "EVT_LETTERS", store.log_id) as publisher:
        batch = publisher.prepare(await store.read(0), 0)
        await publisher.send(batch)
        with pytest.raises(NotAccepted, match="there is no stream EVT_LETTERS"):
            await publisher.accepted(batch)


class Tracing:
    """Stands for a tracer and its spans; notes how each ended."""

    def __init__(self) -> None:
        self.ended: list[str | None] = []

    def follow(self, *_: Any, **__: Any) -> "Tracing":
        return self

    def end(self, fault: str | None = None, **_: Any) -> None:
        self.ended.append(fault)


async def test_the_trace_of_a_batch_ends_though_nobody_waits_for_it(store: EventStore, nc: Client) -> None:
    await write(store, "one", "two")
    await provision_stream(nc, "letters", store.log_id)
    tracing = Tracing()
    async with Publisher(nc, "EVT_LETTERS", store.log_id, cast("Tracer", tracing)) as publisher:
        for record in await store.read(0):
            batch = publisher.prepare([record], record.position - 1)
            await publisher.send(replace(batch, contexts=["00-" + 32 * "1" + "-" + 16 * "1" + "-01"]))
            if record.position == 1:
                await publisher.accepted(batch)

    assert tracing.ended == [None, "Abandoned"]


async def test_batches_are_bounded_in_bytes(store: EventStore) -> None:
    await write(store, *("x" * 200_000 for _ in range(30)))
    records = await store.read(0)

    batch = first_batch(records)

    assert 1 < len(batch) < 30
    assert sum(len(r.data) + len(r.meta) for r in batch) <= MAX_BATCH_BYTES
