"""From a commit to a subscriber, idle and under load; and from a plain publish to a subscriber."""

import argparse
import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from functools import partial
from statistics import median
from uuid import UUID

import uvloop
from nats.aio.client import Client
from nats.aio.msg import Msg

from benchmarks.broker import connected, empty_stream
from benchmarks.commands import file_letter, opened
from benchmarks.crowded import p99_under_writers
from benchmarks.figures import by_turns
from shared.contracts.envelope import header_lines, subject_of
from shared.eventstore.store import EventStore
from shared.messaging.relay import Relay
from shared.service.collecting import spare_collections

IDLE = 0.003
"""Seconds between one message's arrival and the next command: nothing is under way then."""

CROWDED_ROUNDS = 7

CEILING = "ceiling"


class Arrivals:
    """Notes when the newest message came."""

    def __init__(self) -> None:
        self.moment = 0.0
        self._came = asyncio.Event()

    async def note(self, message: Msg) -> None:
        """Take a message."""
        self.moment = time.perf_counter()
        self._came.set()

    async def next(self) -> float:
        """Wait for a message; return its moment."""
        await asyncio.wait_for(self._came.wait(), timeout=10)
        self._came.clear()
        return self.moment


async def _median_wait(number: int, arrivals: Arrivals, send: Callable[[], Awaitable[float]]) -> float:
    """Send one by one; return the median of the milliseconds from what `send` returns to the arrival."""
    waits = []
    for _ in range(number):
        started = await send()
        waits.append(await arrivals.next() - started)
        await asyncio.sleep(IDLE)
    return median(waits) * 1e3


async def _subscribe(nc: Client, subject: str) -> Arrivals:
    arrivals = Arrivals()
    await nc.jetstream().subscribe(subject, cb=arrivals.note, ordered_consumer=True)
    return arrivals


async def _plain(nc: Client, store: EventStore, number: int) -> Callable[[], Awaitable[float]]:
    """Prepare the ceiling: the same bytes published by the client, without a store or a relay."""
    js = nc.jetstream()
    await js.add_stream(name="CEILING", subjects=[f"{CEILING}.>"], storage="file")
    arrivals = await _subscribe(nc, f"{CEILING}.>")
    record = await store.record_at(1)
    assert record is not None
    lines = header_lines(record, UUID(int=0)).decode().splitlines()
    headers = dict(line.split(": ", 1) for line in lines)

    async def publish() -> float:
        started = time.perf_counter()
        await js.publish(f"{CEILING}.{subject_of(record)}", record.data, headers=headers)
        return started

    return lambda: _median_wait(number, arrivals, publish)


async def _committed(nc: Client, store: EventStore, number: int) -> Callable[[], Awaitable[float]]:
    arrivals = await _subscribe(nc, "evt.bench.>")

    async def execute() -> float:
        await file_letter(store, "f-1")
        return time.perf_counter()

    await _median_wait(10, arrivals, execute)
    return lambda: _median_wait(number, arrivals, execute)


async def delivery(database_url: str, nats_url: str, number: int, rounds: int) -> dict[str, float]:
    """Return the medians in milliseconds."""
    store = await opened(database_url)
    spare_collections()  # as every service does
    async with connected(nats_url) as nc:
        await empty_stream(nc, store.log_id)
        relay = asyncio.create_task(Relay(store, nc, database_url).run())
        committed = await _committed(nc, store, number)
        plain = await _plain(nc, store, number)
        crowded = partial(p99_under_writers, store, nats_url)
        idle = await by_turns([plain, committed], rounds)
        floor, busy = await by_turns([plain, crowded], CROWDED_ROUNDS)
        relay.cancel()
        await asyncio.gather(relay, return_exceptions=True)
        await nc.jetstream().delete_stream("CEILING")
    await store.close()
    return {"published": idle[0], "committed": idle[1], "floor": floor, "crowded": busy}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("database_url")
    parser.add_argument("nats_url")
    parser.add_argument("--number", type=int, default=150)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    told = uvloop.run(delivery(given.database_url, given.nats_url, given.number, given.rounds))
    print(json.dumps(told))
