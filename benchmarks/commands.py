"""Commands in process: load, decide, store, with so many in flight; alone or without the log.

Without the log there are no leaves, no tree and no checkpoint; everything else is as ever. The store
has no such switch, so the parts are taken out of this process by replacing them.
"""

import argparse
import asyncio
import json
import random
import time
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import uvloop
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks.letters import File, filing
from shared.domain import Actor
from shared.domain.clock import system_clock
from shared.eventstore.command import Command, Instruction
from shared.eventstore.log.note import Signer
from shared.eventstore.log.tree import Edge
from shared.eventstore.migrate import migrate
from shared.eventstore.rendering import Renderer
from shared.eventstore.store import EventStore

FILES = 2_000
WARM_UP = 1.0
"""Seconds whose commands do not count: the aggregates are loaded then."""

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
"""One key for every process: a store goes on only where it signed itself."""

CLERK = Actor(subject="clerk", role="follow-up-office", department="follow-up")


async def opened(database_url: str) -> EventStore:
    """Open the benchmarks' own store, made where it is missing."""
    await migrate(database_url, "bench")
    store = EventStore("bench", database_url, system_clock, KEY)
    await store.open()
    return store


async def file_letter(store: EventStore, file: str) -> int:
    """Execute one command; return its position."""
    command = Command("file-letter", Instruction(id=uuid4(), actor=CLERK), filing(file), ((File, file),))
    return (await store.execute(command)).position


async def rate(database_url: str, in_flight: int, seconds: float, files: str = "f") -> float:
    """Return commands a second, on files whose names begin so."""
    store = await opened(database_url)
    drawn = random.Random(in_flight)
    loop = asyncio.get_running_loop()
    until = loop.time() + WARM_UP + seconds
    done = 0

    async def work() -> None:
        nonlocal done
        while loop.time() < until:
            await file_letter(store, f"{files}-{drawn.randrange(FILES)}")
            done += 1

    tasks = [asyncio.create_task(work()) for _ in range(in_flight)]
    await asyncio.sleep(WARM_UP)
    before, started = done, time.perf_counter()
    await asyncio.gather(*tasks)
    counted = (done - before) / (time.perf_counter() - started)
    await store.close()
    return counted


def without_log() -> Any:
    """Replace what makes the log, for as long as the returned context lasts."""
    from contextlib import ExitStack

    def no_leaf(self: Renderer, row: Any, previous: bytes) -> bytes:
        row.previous, row.leaf = previous, b""
        return b""

    stack = ExitStack()
    stack.enter_context(patch.object(Renderer, "leaf", no_leaf))
    stack.enter_context(patch.object(Edge, "append", lambda self, leaf: []))
    stack.enter_context(patch.object(Edge, "root", lambda self: bytes(32)))
    stack.enter_context(patch.object(Signer, "sign", lambda self, text: None))
    return stack


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("database_url")
    parser.add_argument("--in-flight", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--files", default="f", help="what the files' names begin with")
    parser.add_argument("--without-log", action="store_true")
    given = parser.parse_args()
    measured = rate(given.database_url, given.in_flight, given.seconds, given.files)
    if given.without_log:
        with without_log():
            print(json.dumps({"rate": uvloop.run(measured)}))
    else:
        print(json.dumps({"rate": uvloop.run(measured)}))
