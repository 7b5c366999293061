"""A subscriber in a process of its own: notes the moment at which each event of the stream arrives."""

import argparse
import asyncio
import json
import time

import uvloop
from nats.aio.msg import Msg
from nats.js.api import ConsumerConfig, DeliverPolicy

from benchmarks.broker import connected
from shared.service.collecting import spare_collections

PATIENCE = 60.0
"""Seconds without an event after which it gives up."""


async def arriving(nats_url: str, after: int, upto: int) -> list[float]:
    """Return the moments at which the events after a position arrived, in order and each once.

    They are of the machine's monotonic clock, which all its processes share. Say when it is subscribed.
    """
    moments: list[float] = []
    came = asyncio.Event()

    async def note(message: Msg) -> None:
        moments.append(time.perf_counter())
        assert message.headers is not None
        assert int(message.headers["tf-position"]) == after + len(moments), "it came twice or not in order"
        came.set()

    start = ConsumerConfig(deliver_policy=DeliverPolicy.BY_START_SEQUENCE, opt_start_seq=after + 1)
    async with connected(nats_url) as nc:
        await nc.jetstream().subscribe("evt.bench.>", cb=note, ordered_consumer=True, config=start)
        spare_collections()  # as every service does
        print("subscribed", flush=True)
        while len(moments) < upto - after:
            came.clear()
            await asyncio.wait_for(came.wait(), PATIENCE)
    return moments


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("nats_url")
    parser.add_argument("after", type=int)
    parser.add_argument("upto", type=int)
    given = parser.parse_args()
    moments = uvloop.run(arriving(given.nats_url, given.after, given.upto))
    with open(1, "w", closefd=False) as told:
        # Not `print`: where Python is told not to buffer, what a pipe does not take at once is lost.
        told.write(json.dumps(moments) + "\n")
