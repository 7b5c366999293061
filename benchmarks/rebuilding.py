"""An aggregate of 1,000 events built anew, without a snapshot: ours, and the library's own way."""

import argparse
import asyncio
import json
import time
from uuid import UUID

import uvloop
from eventsourcing.application import Application

from benchmarks import textbook
from benchmarks.commands import file_letter, opened
from benchmarks.figures import by_turns
from benchmarks.letters import SHA256, SUBJECT, File
from shared.eventstore.store import EventStore
from shared.service.collecting import spare_collections

FILE = "f-1"


async def ours(store: EventStore, events: int, times: int) -> float:
    """Load the file so many times; return how often a second."""
    started = time.perf_counter()
    for _ in range(times):
        file = await store.load(File, FILE)
        assert (file.version, file.letters) == (events, events)
    return times / (time.perf_counter() - started)


async def theirs(application: "Application[UUID]", events: int, times: int) -> float:
    """Let the library's repository get the same file so many times; return how often a second."""
    started = time.perf_counter()
    for _ in range(times):
        file: textbook.File = application.repository.get(textbook.File.create_id(FILE))
        assert (file.version, file.letters) == (events + 1, events)
    return times / (time.perf_counter() - started)


async def rebuilding(database_url: str, events: int, times: int, rounds: int) -> dict[str, float]:
    """Return the medians of both, in times a second."""
    store = await opened(database_url)
    await asyncio.gather(*[file_letter(store, FILE) for _ in range(events)])
    await store.snapshots_written()
    await store.pool.execute("DELETE FROM snapshots")
    application = textbook.application(database_url)
    file = textbook.File(FILE)
    for _ in range(events):
        file.receive("follow-up", SUBJECT.model_dump(), SHA256)
    application.save(file)
    spare_collections()  # as every service does
    library, subject = await by_turns(
        [lambda: theirs(application, events, times), lambda: ours(store, events, times)], rounds
    )
    application.close()
    await store.close()
    return {"library": library, "ours": subject}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("database_url")
    parser.add_argument("--events", type=int, default=1_000)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    told = uvloop.run(rebuilding(given.database_url, given.events, given.times, given.rounds))
    print(json.dumps(told))
