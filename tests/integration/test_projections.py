import asyncio
import random
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.contracts.event import Event
from shared.domain import Actor
from shared.domain.clock import system_clock
from shared.eventstore.command import Command, Instruction
from shared.eventstore.migrate import migrate
from shared.eventstore.record import Record
from shared.eventstore.store import EventStore
from shared.projections import Views
from shared.projections.views import FacetsChanged
from tests.engines import ThrowawayEngines
from tests.unit.projections.sample import Account, AccountChanged, AccountClosed, Balances, replay

CLERK = Actor(subject="clerk", role="admin")


class CutLog:
    """A log that hands out its events in pieces of random length."""

    def __init__(self, store: EventStore, seed: int) -> None:
        self.pool = store.pool
        self.advanced = store.advanced
        self._store = store
        self._random = random.Random(seed)

    async def read(self, after: int, limit: int = 500) -> list[Record]:
        return await self._store.read(after, min(limit, self._random.randint(1, 9)))


class Running:
    """Views at work, until they are stopped."""

    def __init__(self, views: Views) -> None:
        self.views = views
        self._task = asyncio.create_task(views.run())

    async def at(self, position: int) -> Views:
        assert await self.views.wait_for(position, timeout=20), self.views.alarm
        return self.views

    async def ended(self) -> None:
        await asyncio.wait_for(self._task, timeout=20)

    async def stop(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[EventStore]:
    await migrate(database_url, "ledger")
    store = EventStore("ledger", database_url, system_clock, Ed25519PrivateKey.generate())
    await store.open()
    yield store
    await store.close()


@pytest.fixture
async def start() -> AsyncIterator[Any]:
    running: list[Running] = []

    async def begin(log: Any, *kinds: type[Balances]) -> Running:
        views = Views(log, [kind() for kind in kinds or (Balances,)])
        await views.open()
        running.append(Running(views))
        return running[-1]

    yield begin
    for each in running:
        await each.stop()


async def write(store: EventStore, events: list[Event], seed: int = 0) -> int:
    """Store each event by a command of its own; return the position of the last."""
    drawn = random.Random(f"{seed} {store.head}")
    commands = [
        Command(
            "change",
            Instruction(id=UUID(int=drawn.getrandbits(128)), actor=CLERK),
            lambda turn, event=event: turn.get(Account, event.account).record(event, turn.moment),
        )
        for event in events
    ]
    await asyncio.gather(*[store.execute(command) for command in commands])
    return store.head


def drawn_events(seed: int, number: int) -> list[Event]:
    drawn = random.Random(seed)
    names = [f"acc-{n:02}" for n in range(12)]
    made: list[Event] = []
    for _ in range(number):
        account, other = drawn.sample(names, 2)
        if drawn.random() < 0.1:
            made.append(AccountClosed(account=account))
        else:
            other_or_none = other if drawn.random() < 0.3 else None
            made.append(AccountChanged(account=account, amount=drawn.randint(-5, 5), other=other_or_none))
    return made


async def whole(views: Views, as_of: int | None = None) -> dict[str, Any]:
    """Read the whole view by pages."""
    rows: dict[str, Any] = {}
    page = await views.list("balances", limit=5, as_of=as_of)
    while page:
        assert [key for key, _ in page] == sorted(key for key, _ in page)
        assert not rows or page[0][0] > max(rows)
        rows.update(page)
        page = await views.list("balances", after=page[-1][0], limit=5, as_of=as_of)
    return rows


@pytest.mark.parametrize("seed", range(4))
async def test_a_view_cut_anywhere_equals_a_replay_as_of_every_position(
    store: EventStore, start: Any, seed: int
) -> None:
    running = await start(CutLog(store, seed))
    head = await write(store, drawn_events(seed, 60))
    head = await write(store, drawn_events(seed + 100, 60))
    views = await running.at(head)
    records = await store.read(0, limit=1000)
    for position in range(0, head + 1, 7):
        assert await whole(views, as_of=position) == replay(Balances(), records, position)
    expected = replay(Balances(), records)
    assert await whole(views) == expected
    assert await views.get("balances", "acc-01") == expected.get("acc-01")
    assert await views.get("balances", "acc-01", as_of=40) == replay(Balances(), records, 40).get("acc-01")


async def test_two_runners_at_once_leave_what_one_leaves(store: EventStore, start: Any) -> None:
    pair = [await start(CutLog(store, seed)) for seed in (1, 2)]
    for seed in range(6):
        await write(store, drawn_events(seed, 50), seed)
    for running in pair:
        await running.at(store.head)
    alone = await start(store, type("Again", (Balances,), {"name": "again"}))
    await alone.at(store.head)
    states = (
        "SELECT key, valid_from, valid_to, facets, doc::text FROM view_rows"
        " WHERE generation = $1 ORDER BY key, valid_from"
    )
    both = await store.pool.fetch(states, 1)
    generation = await store.pool.fetchval("SELECT generation FROM views WHERE name = 'again'")
    assert both
    assert both == await store.pool.fetch(states, generation)
    assert await whole(pair[0].views) == replay(Balances(), await store.read(0, limit=1000))


async def test_lists_filter_and_counts_group_by_facets(store: EventStore, start: Any) -> None:
    before = await write(store, [AccountChanged(account=f"a{n}", amount=n) for n in range(-2, 4)])
    head = await write(store, [AccountChanged(account="a3", amount=-9), AccountClosed(account="a2")])
    views = await (await start(store)).at(head)
    overdrawn = await views.list("balances", where={"state": "overdrawn"})
    assert [key for key, _ in overdrawn] == ["a-1", "a-2", "a3"]
    assert await views.count("balances", ["state", "sign"]) == [
        (("good", "false"), 2),
        (("overdrawn", "true"), 3),
    ]
    assert await views.count("balances", [], where={"sign": "true"}) == [((), 3)]
    assert await views.count("balances", ["state"], as_of=before) == [(("good",), 4), (("overdrawn",), 2)]
    then = await views.list("balances", where={"state": "overdrawn"}, as_of=before)
    assert [key for key, _ in then] == ["a-1", "a-2"]
    with pytest.raises(ValueError, match="no facet colour"):
        await views.list("balances", where={"colour": "red"})


async def test_a_raised_version_is_folded_from_the_beginning_and_takes_over(
    store: EventStore, start: Any
) -> None:
    head = await write(store, drawn_events(5, 80))
    old = await start(store)
    await old.at(head)
    newer = type("Newer", (Balances,), {"version": 2, "facets": ("state",)})
    new = await (await start(store, newer)).at(head)
    assert await whole(new) == replay(Balances(), await store.read(0, limit=1000))
    head = await write(store, drawn_events(6, 5), seed=1)
    await new.wait_for(head, 20)
    await old.ended()
    assert old.views.alarm is not None
    assert await store.pool.fetch("SELECT version FROM views") == [(2,)]
    assert await store.pool.fetchval("SELECT count(DISTINCT generation) FROM view_rows") == 1


async def test_changed_facets_under_the_same_version_are_refused(store: EventStore, start: Any) -> None:
    await start(store)
    with pytest.raises(FacetsChanged, match="raise the version of view balances"):
        await start(store, type("Changed", (Balances,), {"facets": ("state",)}))


async def test_a_fold_that_raises_stops_the_runner_before_its_batch(store: EventStore, start: Any) -> None:
    class Fragile(Balances):
        def fold(self, key: str, doc: dict[str, Any] | None, record: Record) -> dict[str, Any] | None:
            if record.event == AccountChanged(account="broken", amount=1):
                raise RuntimeError("cannot fold")
            return super().fold(key, doc, record)

    running = await start(store, Fragile)
    good = await write(store, [AccountChanged(account="whole", amount=1)])
    await running.at(good)
    await write(store, [AccountChanged(account="broken", amount=1)])
    await running.ended()
    assert "cannot fold" in running.views.alarm
    assert running.views.position == good
    assert not await running.views.wait_for(good + 1, timeout=0.01)
    assert await running.views.get("balances", "broken") is None


async def test_views_go_on_when_the_database_was_restarted(
    engines: ThrowawayEngines, store: EventStore, start: Any
) -> None:
    running = await start(store)
    await running.at(await write(store, drawn_events(1, 20)))
    await asyncio.to_thread(engines.restart_database)
    await running.at(await write(store, drawn_events(2, 20), seed=1))
    assert await whole(running.views) == replay(Balances(), await store.read(0, limit=1000))
