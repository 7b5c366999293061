"""The trail at three lengths: what is asked for most must take the same time whatever else is filed.

A mission, a plan and a task have as many events at every length, as they do in life; a decree, a department
and a type have a share of all.
"""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from statistics import median

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks.databases import empty_database
from benchmarks.figures import Figure, by_turns
from benchmarks.processes import told_by
from benchmarks.trail_rows import DECREE, event_id, lay
from deploy.local.engines import Engines
from services.audit.trail import chains
from services.audit.trail.asked import Asked
from services.audit.trail.reading import Trail
from shared.domain.clock import system_clock
from shared.eventstore.migrate import migrations_in
from shared.eventstore.store import EventStore

SHORT, MIDDLE, LONG = 10_000, 100_000, 1_000_000
ASKED = 40
"""Questions of a kind in one measure, which is their median."""
ROUNDS = 5
LIMIT = 50

Ask = Callable[[EventStore, int], Awaitable[object]]
"""Asks a trail of a length one question."""


async def _primary_key(store: EventStore, events: int) -> object:
    statement = "SELECT * FROM filed WHERE source = 'tasks' AND position > $1 ORDER BY position LIMIT $2"
    return await store.pool.fetch(statement, events // 2, LIMIT)


def _page(types: tuple[str, ...] | None = None, **filters: str) -> Ask:
    async def ask(store: EventStore, events: int) -> object:
        about = {name: value.format(plan=events // 800) for name, value in filters.items()}
        async with Trail(store).reading() as reading:
            page = await reading.page(Asked(about, types), None, LIMIT)
        assert page.entries
        return [entry.told() for entry in page.entries]

    return ask


async def _causes(store: EventStore, events: int) -> object:
    async with Trail(store).reading() as reading:
        return await chains.causes(reading, event_id(events // 2 + 5))


async def _effects(store: EventStore, events: int) -> object:
    async with Trail(store).reading() as reading:
        return await chains.effects(reading, event_id(events // 2 + 1), 200)


QUESTIONS: Mapping[str, Ask] = {
    "first page by mission": _page(mission="emb-{plan}"),
    "first page by decree": _page(decree=DECREE),
    "first page by department and type": _page(("tasks.task.started",), department="department-3"),
    "causes up to the article": _causes,
    "effects, nine levels": _effects,
}
"""What is measured at every length, each with its own bounds."""


async def figures(engines: Engines) -> list[Figure]:
    """Take the figures of the trail."""
    return [*await _asked(engines), await _filed(engines)]


async def _filed(engines: Engines) -> Figure:
    async with empty_database(engines) as url:
        rates = await told_by("benchmarks.trail_filing", url, engines.nats_url, "--events", MIDDLE)
    passed = "the same stream, read and not filed"
    return Figure(f"filing {MIDDLE:,} events", "/s", rates["filed"], passed, rates["passed"], 0.3, 0.6)


async def _asked(engines: Engines) -> list[Figure]:
    """Ask at each length by turns."""
    async with AsyncExitStack() as stack:
        stores = {
            events: await stack.enter_async_context(_laid(engines, events))
            for events in (SHORT, MIDDLE, LONG)
        }
        plain, *taken = await by_turns(
            [
                _timed(_primary_key, stores[LONG], LONG),
                *(
                    _timed(ask, store, events)
                    for ask in QUESTIONS.values()
                    for events, store in stores.items()
                ),
            ],
            ROUNDS,
        )
    found = []
    for number, name in enumerate(QUESTIONS):
        short, middle, long = taken[3 * number : 3 * number + 3]
        told = f"trail, {name}, 10⁶ events"
        shorter = f"the same, 10⁵ events: {middle:.2f} ms; 10⁴ events"
        found.append(Figure(told, "ms", long, shorter, short, 2.0, 1.2))
        if name.startswith("first page"):
            found.append(Figure(told, "ms", long, f"{LIMIT} rows by the primary key", plain, 5.0, 3.0))
    return found


@asynccontextmanager
async def _laid(engines: Engines, events: int) -> AsyncIterator[EventStore]:
    async with empty_database(engines) as url:
        await lay(url, events)
        key = Ed25519PrivateKey.generate()
        store = EventStore("audit", url, system_clock, key, migrations_in("services.audit"))
        await store.open()
        try:
            yield store
        finally:
            await store.close()


def _timed(ask: Ask, store: EventStore, events: int) -> Callable[[], Awaitable[float]]:
    async def measure() -> float:
        """Milliseconds."""
        took = []
        for _ in range(ASKED):
            began = time.perf_counter()
            await ask(store, events)
            took.append((time.perf_counter() - began) * 1000)
        return median(took)

    return measure
