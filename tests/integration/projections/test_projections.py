import asyncio
from typing import Any

import pytest

from shared.eventstore.record import Record
from shared.eventstore.store import EventStore
from shared.projections.advancing import UNSEEN
from shared.projections.views import FacetsChanged
from tests.engines import ThrowawayEngines
from tests.faults.processes import until
from tests.integration.projections.ledger import CutLog, drawn_events, whole, write
from tests.unit.projections.sample import AccountChanged, AccountClosed, Balances, replay


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


async def test_counts_are_the_same_whether_tallied_or_read_as_of_any_position(
    store: EventStore, start: Any
) -> None:
    plain = type("Plain", (Balances,), {"name": "plain", "tallied": ()})
    half = type("Half", (Balances,), {"name": "half", "tallied": ("sign",)})
    head = await write(store, drawn_events(7, 120))
    views = await (await start(store, Balances, plain, half)).at(head)
    records = await store.read(0, limit=1000)
    for position in [None, *range(len(records) + 1)]:
        for by, where in (
            (["state", "sign"], {}),
            (["sign"], {}),
            (["sign"], {"state": "good"}),
            ([], {}),
            ([], {"sign": "true"}),
        ):
            found = [await views.count(view, by, where, position) for view in ("balances", "plain", "half")]
            assert found[0] == found[1] == found[2], (position, by, where)
        rows = replay(Balances(), records, position)
        assert await views.count("balances", [], as_of=position) == [((), len(rows))]


async def test_a_view_that_was_just_filled_is_no_empty_one_to_the_planner(
    store: EventStore, start: Any
) -> None:
    head = await write(store, drawn_events(3, 2 * UNSEEN))
    await (await start(store)).at(head)

    async def looked_at() -> bool:
        rows = await store.pool.fetchval("SELECT reltuples FROM pg_class WHERE oid = 'view_rows'::regclass")
        return bool(rows >= UNSEEN)

    await until(looked_at)  # its position moves a moment before


async def test_changed_facets_under_the_same_version_are_refused(store: EventStore, start: Any) -> None:
    await start(store)
    with pytest.raises(FacetsChanged, match="raise the version of view balances"):
        await start(store, type("Changed", (Balances,), {"facets": ("state",)}))
    with pytest.raises(FacetsChanged, match="raise the version of view balances"):
        await start(store, type("Retallied", (Balances,), {"tallied": ("state",)}))


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
    async with asyncio.timeout(20):
        while running.views.alarm is None:
            await asyncio.sleep(0.01)
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
