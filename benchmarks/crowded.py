"""From a commit to a subscriber of another process, while 32 writers keep the store busy."""

import asyncio
import json
import sys
import time

from benchmarks.commands import FILES, file_letter
from benchmarks.processes import BenchmarkFailed
from shared.eventstore.store import EventStore

WRITERS = 32
EVENTS = 30_000
"""Of one round; a tenth of them come before it, and their waits do not count."""


async def p99_under_writers(store: EventStore, nats_url: str) -> float:
    """Let 32 writers store events, each the next when the last is durable; the relay must be running.

    Return the 99th percentile, in milliseconds, of the time from a command's answer to the arrival of its
    event. Every event must arrive.
    """
    after, number = store.head, EVENTS + EVENTS // 10
    subscriber = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.arriving", nats_url, str(after), str(after + number)),
        stdout=asyncio.subprocess.PIPE,
        limit=64 * number,
    )
    assert subscriber.stdout is not None
    if await subscriber.stdout.readline() != b"subscribed\n":
        raise BenchmarkFailed("the subscriber did not start")
    answered = await _written(store, after, number)
    arrived: list[float] = json.loads(await subscriber.stdout.readline())
    if await subscriber.wait() != 0 or len(arrived) != number:
        raise BenchmarkFailed(f"{len(arrived)} of {number} events arrived")
    waits = sorted(
        came - since
        for came, since in zip(arrived[number - EVENTS :], answered[number - EVENTS :], strict=True)
    )
    return max(waits[len(waits) * 99 // 100], 0.0) * 1e3


async def _written(store: EventStore, after: int, number: int) -> list[float]:
    """The moment at which each command was answered, by the position of its event."""
    answered = [0.0] * number
    numbers = iter(range(number))

    async def write() -> None:
        for each in numbers:
            position = await file_letter(store, f"f-{each % FILES}")
            answered[position - after - 1] = time.perf_counter()

    await asyncio.gather(*[write() for _ in range(WRITERS)])
    return answered
