"""The relay draining a store; and the same events, rendered beforehand, published alone in two ways."""

import argparse
import asyncio
import json
import time

import uvloop
from nats.aio.client import Client

from benchmarks.atomic import published_atomically
from benchmarks.broker import STREAM, connected, empty_stream
from benchmarks.commands import FILES, file_letter, opened
from benchmarks.figures import by_turns
from shared.eventstore.store import EventStore
from shared.messaging.publisher import MAX_BATCH, Batch, Publisher
from shared.messaging.relay import Relay

WRITERS = 512


async def fill(database_url: str, events: int) -> None:
    """Store so many events."""
    store = await opened(database_url)
    numbers = iter(range(events))

    async def write() -> None:
        for number in numbers:
            await file_letter(store, f"f-{number % FILES}")

    await asyncio.gather(*[write() for _ in range(WRITERS)])
    await store.close()


async def _rendered(publisher: Publisher, store: EventStore) -> list[Batch]:
    batches: list[Batch] = []
    position = 0
    while position < store.head:
        batches.append(publisher.prepare(await store.read(position, MAX_BATCH), position))
        position = batches[-1].position
    return batches


async def published(nc: Client, store: EventStore) -> float:
    """Publish batches that are ready, each after the one before was stored; return events a second."""
    await empty_stream(nc, store.log_id)
    async with Publisher(nc, STREAM, store.log_id) as publisher:
        batches = await _rendered(publisher, store)
        started = time.perf_counter()
        for batch in batches:
            await publisher.send(batch)
            await publisher.accepted(batch)
        return store.head / (time.perf_counter() - started)


async def relayed(nc: Client, store: EventStore, database_url: str) -> float:
    """Let the relay find an empty stream and bring it in step; return events a second."""
    await empty_stream(nc, store.log_id)
    relay = Relay(store, nc, database_url)
    started = time.perf_counter()
    running = asyncio.create_task(relay.run())
    await relay.progress.reached(store.head)
    elapsed = time.perf_counter() - started
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return store.head / elapsed


async def draining(database_url: str, nats_url: str, events: int, rounds: int) -> dict[str, float]:
    """Return the medians of both, in events a second."""
    await fill(database_url, events)
    store = await opened(database_url)
    async with connected(nats_url) as nc:
        atomic, fast, subject = await by_turns(
            [
                lambda: published_atomically(nc, store),
                lambda: published(nc, store),
                lambda: relayed(nc, store, database_url),
            ],
            rounds,
        )
    await store.close()
    return {"atomic": atomic, "published": fast, "relayed": subject}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("database_url")
    parser.add_argument("nats_url")
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    told = uvloop.run(draining(given.database_url, given.nats_url, given.events, given.rounds))
    print(json.dumps(told))
