"""``python -m benchmarks.rebuilding_views``: how fast a view is rebuilt, and what commands pay for that."""

import argparse
import asyncio
import json
import random
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from statistics import median
from typing import Any, ClassVar
from uuid import uuid4

import uvloop

from benchmarks.commands import FILES, file_letter, opened
from benchmarks.databases import empty_database
from deploy.local.engines import Engines
from shared.eventstore.record import Record
from shared.eventstore.store import EventStore
from shared.projections import View, Views
from shared.projections.rebuilds import newest

IN_FLIGHT = 32


class Files(View):
    """One row for each file: how many letters it has, and the newest."""

    name = "files"
    facets: ClassVar[tuple[str, ...]] = ("state",)

    def keys(self, record: Record) -> Iterable[str]:
        """Name the file."""
        return (record.id,)

    def fold(self, key: str, doc: dict[str, Any] | None, record: Record) -> dict[str, Any]:
        """Count the letter."""
        row = doc or {"id": key, "letters": 0, "state": "open"}
        return row | {"letters": row["letters"] + 1, "newest": record.event.model_dump(mode="json")}


class Commands:
    """Commands in process, so many in flight, until cancelled; counts them and how long each took."""

    def __init__(self, store: EventStore) -> None:
        self.latencies: list[float] = []
        self._store = store
        self._drawn = random.Random(1)

    async def run(self) -> None:
        """Execute commands."""
        await asyncio.gather(*(self._work() for _ in range(IN_FLIGHT)))

    async def _work(self) -> None:
        while True:
            begun = time.perf_counter()
            await file_letter(self._store, f"f-{self._drawn.randrange(FILES)}")
            self.latencies.append(time.perf_counter() - begun)

    def since(self, number: int, seconds: float) -> dict[str, float]:
        """The rate, and latencies in milliseconds, of the commands after a number of them."""
        taken = sorted(self.latencies[number:])
        return {
            "rate": len(taken) / seconds,
            "p50_ms": median(taken) * 1e3,
            "p99_ms": taken[len(taken) * 99 // 100] * 1e3,
        }


async def rebuild(views: Views, check: bool) -> dict[str, float]:
    """Rebuild; return seconds in all, and those in which events were folded."""
    begun = time.perf_counter()
    await views.rebuild("files", uuid4(), check, "bench")
    folded: float | None = None
    while True:
        found = await newest(views._store.pool, views["files"])
        assert found is not None
        if folded is None and found.stage not in ("waiting", "folding"):
            folded = time.perf_counter() - begun
        if found.ended_at is not None:
            assert found.outcome != "failed" and found.comparison is not None, found
            assert found.comparison["differing"] == 0, found
            all_of_it = time.perf_counter() - begun
            states = found.comparison["rebuilt"]["states"]
            return {
                "seconds": all_of_it,
                "folding": folded or all_of_it,
                "states": states,
                "folded": found.comparison["as_of"],
            }
        await asyncio.sleep(0.02)


async def measured(engines: Engines, events: int, seconds: float) -> dict[str, Any]:
    """Fill a log, fold it, rebuild it idle, and rebuild it under commands."""
    async with empty_database(engines) as url:
        store = await opened(url)
        for _ in range(0, events, 500):
            await asyncio.gather(*(file_letter(store, f"f-{random.randrange(FILES)}") for _ in range(500)))
        # Folded by the live runner alone, from nothing.
        await store.pool.execute(
            "INSERT INTO views (name, version, facets, state) VALUES ('files', 1, '{state}', 'live')"
        )
        views = Views(store, [Files()])
        await views.open()
        begun = time.perf_counter()
        running = asyncio.create_task(views.run())
        assert await views.wait_for(store.head, 600)
        live = store.head / (time.perf_counter() - begun)
        idle = await rebuild(views, check=False)

        commands = Commands(store)
        load = asyncio.create_task(commands.run())
        await asyncio.sleep(1.0)
        number, begun = len(commands.latencies), time.perf_counter()
        await asyncio.sleep(seconds)
        alone = commands.since(number, time.perf_counter() - begun)
        number, begun = len(commands.latencies), time.perf_counter()
        busy = await rebuild(views, check=False)
        beside = commands.since(number, time.perf_counter() - begun)
        for task in (load, running):
            task.cancel()
        await asyncio.gather(load, running, return_exceptions=True)
        await store.close()
    return {
        "events": events,
        "live folding, events/s": live,
        "rebuild idle, events folded/s": events / idle["folding"],
        "rebuild idle, states compared/s": idle["states"] / max(idle["seconds"] - idle["folding"], 1e-9),
        "rebuild under commands, events folded/s": busy["folded"] / busy["folding"],
        "rebuild under commands, seconds": busy["seconds"],
        "commands alone": alone,
        "commands beside a rebuild": beside,
        "ratio of rates": beside["rate"] / alone["rate"],
    }


async def main(events: int, seconds: float) -> None:
    """Start engines, measure and tell."""
    with tempfile.TemporaryDirectory() as folder:
        async with await Engines.start(Path(folder)) as engines:
            print(json.dumps(await measured(engines, events, seconds), indent=2))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, default=50_000)
    parser.add_argument("--seconds", type=float, default=5.0)
    given = parser.parse_args()
    uvloop.run(main(given.events, given.seconds))
