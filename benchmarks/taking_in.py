"""An inbox whose reactions store an event each; and FastStream's batch pull with an empty handler."""

import argparse
import asyncio
import json
import time
from functools import partial
from typing import Any
from uuid import uuid5

import asyncpg
import uvloop
from faststream.nats import JStream, NatsBroker, PullSub
from nats.aio.client import Client

from benchmarks.broker import STREAM, drop_stream, empty_stream
from benchmarks.commands import CLERK, KEY, opened
from benchmarks.draining import fill
from benchmarks.figures import by_turns
from benchmarks.letters import File, filing
from services.notifier.parked import NotifierParked
from shared.contracts.envelope import subjects_of
from shared.domain.clock import system_clock
from shared.eventstore.command import Command, Instruction
from shared.eventstore.migrate import migrate
from shared.eventstore.store import EventStore
from shared.messaging.configuration import durable_of
from shared.messaging.connection import broker_for
from shared.messaging.inbox import Inbox
from shared.messaging.provision import provision_consumer
from shared.messaging.reacting import reacting
from shared.messaging.received import Received
from shared.messaging.relay import Relay
from shared.messaging.source import FETCH
from shared.service.collecting import spare_collections

TAKER, PLAIN = "taker", "plain"


def react(received: Received) -> Command[Any]:
    """File a letter here for each that was filed there."""
    by = Instruction(
        id=uuid5(received.event_id, "taker.filed"),
        actor=CLERK,
        correlation=received.correlation,
        causation=received.event_id,
    )
    return Command("file-letter", by, filing(received.id), ((File, received.id),))


async def taken_in(database_url: str, broker: NatsBroker, nc: Client, events: int) -> float:
    """Take everything in from the beginning, into a store that is empty; return events a second."""
    connection = await asyncpg.connect(database_url)
    await connection.execute(f"DROP SCHEMA IF EXISTS {TAKER} CASCADE")
    await connection.close()
    await migrate(database_url, TAKER)
    await provision_consumer(nc, TAKER, "bench")
    store = EventStore(TAKER, database_url, system_clock, KEY)
    await store.open()
    inbox = Inbox(store, broker, "bench", reacting(react, NotifierParked)(store, "bench"), database_url)
    started = time.perf_counter()
    reading = asyncio.create_task(inbox.run())
    await inbox.progress.reached(events)
    rate = events / (time.perf_counter() - started)
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    assert store.head == events, f"{store.head} effects of {events} events"
    await store.close()
    await nc.jetstream().delete_consumer(STREAM, durable_of(TAKER, "bench"))
    return rate


async def pulled(nats_url: str, nc: Client, events: int) -> float:
    """Let FastStream pull the same stream in batches into a handler that does nothing; events a second."""
    await provision_consumer(nc, PLAIN, "bench")
    broker = NatsBroker(nats_url, logger=None)
    count, done = 0, asyncio.Event()

    @broker.subscriber(
        subjects_of("bench"),
        stream=JStream(STREAM, declare=False),
        durable=durable_of(PLAIN, "bench"),
        pull_sub=PullSub(batch_size=FETCH, timeout=2.0, batch=True),
    )
    async def take(letters: list[Any]) -> None:
        nonlocal count
        count += len(letters)
        if count >= events:
            done.set()

    started = time.perf_counter()
    async with broker:
        await broker.start()
        await asyncio.wait_for(done.wait(), timeout=120)
        rate = events / (time.perf_counter() - started)
    assert count == events, f"{count} messages of {events}"
    await nc.jetstream().delete_consumer(STREAM, durable_of(PLAIN, "bench"))
    return rate


async def taking_in(database_url: str, nats_url: str, events: int, rounds: int) -> dict[str, float]:
    """Return the medians of both, in events a second."""
    await fill(database_url, events)
    bench = await opened(database_url)
    broker = broker_for(nats_url, "bench")
    nc = await broker.connect()
    await empty_stream(nc, bench.log_id)
    relay = Relay(bench, nc, database_url)
    relaying = asyncio.create_task(relay.run())
    await relay.progress.reached(events)
    relaying.cancel()
    await asyncio.gather(relaying, return_exceptions=True)
    await bench.close()
    spare_collections()  # as every service does
    ceiling, subject = await by_turns(
        [partial(pulled, nats_url, nc, events), partial(taken_in, database_url, broker, nc, events)], rounds
    )
    await drop_stream(nc)
    await broker.stop()
    return {"pulled": ceiling, "taken_in": subject}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("database_url")
    parser.add_argument("nats_url")
    parser.add_argument("--events", type=int, default=40 * FETCH, help="a multiple of a batch")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    told = uvloop.run(taking_in(given.database_url, given.nats_url, given.events, given.rounds))
    print(json.dumps(told))
