"""The same messages as atomic batches, published alone: what the relay's draining is measured against."""

import time
from collections.abc import Sequence
from dataclasses import replace

from nats.aio.client import Client

from benchmarks.broker import SERVICE, STREAM, drop_stream
from shared.contracts.envelope import header_lines, subject_of
from shared.eventstore.record import Record
from shared.eventstore.store import EventStore
from shared.messaging.configuration import stream_config_of_atomic_batches
from shared.messaging.jetstream import ask
from shared.messaging.publisher import MAX_BATCH, Batch, Publisher


async def published_atomically(nc: Client, store: EventStore) -> float:
    """Publish batches that are ready, each after the one before was stored; return events a second."""
    await drop_stream(nc)
    config = stream_config_of_atomic_batches(SERVICE, store.log_id)
    await ask(nc, f"STREAM.CREATE.{STREAM}", config)
    async with Publisher(nc, STREAM, store.log_id) as publisher:
        batches: list[Batch] = []
        position = 0
        while position < store.head:
            records = await store.read(position, MAX_BATCH)
            batch = publisher.prepare(records, position)
            frames = _rendered(
                records, store, position, batch.token.encode(), publisher.reply_of(batch.token)
            )
            batches.append(replace(batch, frames=frames))
            position = batch.position
        started = time.perf_counter()
        for batch in batches:
            await publisher.send(batch)
            await publisher.accepted(batch)
        return store.head / (time.perf_counter() - started)


def _rendered(records: Sequence[Record], store: EventStore, after: int, batch: bytes, reply: str) -> bytes:
    parts: list[bytes] = []
    for number, record in enumerate(records, 1):
        fence = b"Nats-Expected-Last-Sequence: %d\r\n" % after if number == 1 else b""
        commit = b"Nats-Batch-Commit: 1\r\n" if number == len(records) else b""
        place = b"Nats-Batch-Id: %b\r\nNats-Batch-Sequence: %d\r\n" % (batch, number)
        lines = header_lines(record, store.log_id)
        headers = b"NATS/1.0\r\n%b%b%b%b\r\n" % (fence, place, commit, lines)
        to = f"{subject_of(record)} {reply}" if commit else subject_of(record)
        size = len(headers)
        parts += (
            b"HPUB %b %d %d\r\n" % (to.encode(), size, size + len(record.data)),
            headers,
            record.data,
            b"\r\n",
        )
    return b"".join(parts)
