"""Reading a whole log into typed events; and the same rows fetched page by page and left as they come."""

import argparse
import json
import time

import uvloop

from benchmarks.commands import opened
from benchmarks.draining import fill
from benchmarks.figures import by_turns
from benchmarks.letters import LetterFiled
from shared.eventstore.statements import READ
from shared.eventstore.store import EventStore
from shared.service.collecting import spare_collections

PAGE = 500
"""Rows at once: what views and relays read."""


async def fetched(store: EventStore) -> float:
    """Fetch all rows by keyset and decode none; return rows a second."""
    position = count = 0
    started = time.perf_counter()
    while rows := await store.pool.fetch(READ, position, PAGE):
        position = rows[-1][0]
        count += len(rows)
    elapsed = time.perf_counter() - started
    assert count == store.head
    return count / elapsed


async def scanned(store: EventStore) -> float:
    """Read all records and the payload of each as its event; return events a second."""
    position = count = letters = 0
    started = time.perf_counter()
    while records := await store.read(position, PAGE):
        position = records[-1].position
        for record in records:
            count += 1
            letters += isinstance(record.event, LetterFiled)
    elapsed = time.perf_counter() - started
    assert count == letters == store.head
    return count / elapsed


async def scanning(database_url: str, events: int, rounds: int) -> dict[str, float]:
    """Return the medians of both, in events a second."""
    await fill(database_url, events)
    store = await opened(database_url)
    spare_collections()  # as every service does
    ceiling, subject = await by_turns([lambda: fetched(store), lambda: scanned(store)], rounds)
    await store.close()
    return {"fetched": ceiling, "scanned": subject}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("database_url")
    parser.add_argument("--events", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    print(json.dumps(uvloop.run(scanning(given.database_url, given.events, given.rounds))))
