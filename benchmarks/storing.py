"""Commands in process beside pgbench, and the log beside itself switched off."""

from collections.abc import Awaitable, Callable

from benchmarks.commands import file_letter, opened
from benchmarks.databases import empty_database
from benchmarks.figures import Figure, by_turns
from benchmarks.pgbench import single_row_inserts
from benchmarks.processes import told_by
from deploy.local.engines import Engines

SECONDS = 3
ROUNDS = 3


async def figures(engines: Engines) -> list[Figure]:
    """Take the figures of the store."""
    data, meta = await _widths(engines)

    async def pgbench() -> float:
        async with empty_database(engines) as url:
            return await single_row_inserts(url, data, meta, SECONDS)

    inserts, few, many, bare = await by_turns(
        [
            pgbench,
            _commands(engines, 32),
            _commands(engines, 256),
            _commands(engines, 256, "--without-log"),
        ],
        ROUNDS,
    )
    ceiling = f"pgbench, 8 clients, rows of {data} + {meta} bytes"
    return [
        Figure("commands in process, 32 in flight", "/s", few, ceiling, inserts, 0.8, 1.5),
        Figure("commands in process, 256 in flight", "/s", many, ceiling, inserts, 1.2, 2.5),
        Figure("log on, 256 in flight", "/s", many, "log off", bare, 0.5, 0.8),
    ]


def _commands(engines: Engines, in_flight: int, *more: str) -> Callable[[], Awaitable[float]]:
    async def measure() -> float:
        async with empty_database(engines) as url:
            told = await told_by(
                "benchmarks.commands", url, "--in-flight", in_flight, "--seconds", SECONDS, *more
            )
        return float(told["rate"])

    return measure


async def _widths(engines: Engines) -> tuple[int, int]:
    """Return the bytes of data and meta in a row of the store."""
    async with empty_database(engines) as url:
        store = await opened(url)
        await file_letter(store, "f-1")
        (record,) = await store.read(0)
        await store.close()
    return len(record.data), len(record.meta)
