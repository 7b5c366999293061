"""A process that rebuilds a view is killed: another goes on with its copy, and nothing is half switched."""

import asyncio
import os
import sys
from typing import Any
from uuid import uuid4

from shared.eventstore.store import EventStore
from shared.projections.rebuilds import ask
from tests.faults.processes import ROOT, until
from tests.integration.projections.books import Books, ended, states, tidy, true_rows
from tests.integration.projections.conftest import start, store
from tests.integration.projections.ledger import drawn_events, write

__all__ = ["start", "store"]

BUILDER = """
import asyncio, sys, time
from shared.domain.clock import system_clock
from shared.eventstore.store import EventStore
from shared.projections import Views, filling
from tests.integration.projections.books import Books
from tests.sample import KEY

filling.BATCH = 100

class Halting(Books):
    def fold(self, key, doc, record):
        if record.position == 350:
            print("folding", flush=True)
            time.sleep(600)
        return super().fold(key, doc, record)

async def main():
    store = EventStore("ledger", sys.argv[1], system_clock, KEY)
    await store.open()
    views = Views(store, [Halting()])
    await views.open()
    await views.run()

asyncio.run(main())
"""


async def test_another_process_goes_on_with_a_rebuild_whose_process_was_killed(
    database_url: str, store: EventStore, start: Any
) -> None:
    first = await start(store, Books)
    head = await write(store, drawn_events(1, 500))
    views = await first.at(head)
    before = await states(store)
    await first.stop()
    await ask(store.pool, views["books"], uuid4(), False, "clerk")
    builder = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", BUILDER, database_url),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
    )
    assert builder.stdout is not None
    try:
        assert await asyncio.wait_for(builder.stdout.readline(), 60) == b"folding\n"
    finally:
        builder.kill()
        await builder.wait()
    copies = "SELECT generation, position FROM views WHERE state = 'copy'"
    ((copy, position),) = await store.pool.fetch(copies)
    assert position == 300
    assert await views.list("books", limit=99) == true_rows(await store.read(0), head)

    second = await start(store, Books)
    done = await ended(second.views)
    assert (done.outcome, done.copy, done.comparison["differing"]) == ("switched", copy, 0)
    assert await states(store) == before
    await until(lambda: tidy(store))
