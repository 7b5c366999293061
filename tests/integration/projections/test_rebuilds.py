"""A view is rebuilt beside the one that is read: compared, switched, mended, and carried on by others."""

import asyncio
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from shared.eventstore.errors import IdempotencyMismatch
from shared.eventstore.record import Record
from shared.eventstore.store import EventStore
from shared.projections import filling, rebuilding
from shared.projections.errors import RebuildUnderWay
from shared.projections.rebuilds import ask, newest
from tests.faults.processes import until
from tests.integration.projections.books import EVERYTHING, Books, ended, rebuilt, states, tidy, true_rows
from tests.integration.projections.ledger import CutLog, drawn_events, write
from tests.unit.projections.sample import AccountChanged

STATE = """
    WHERE generation = (SELECT generation FROM views WHERE state = 'live') AND key = $1 AND valid_to IS NULL
"""


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "BATCH", 40)
    monkeypatch.setattr("shared.projections.comparing.PAGE", 30)
    monkeypatch.setattr("shared.projections.keeper.LOOK", 0.05)


async def test_rebuilt_twice_it_is_byte_for_byte_the_same(store: EventStore, start: Any) -> None:
    running = await start(CutLog(store, 1), Books)
    views = await running.at(await write(store, drawn_events(1, 150)))
    before = await states(store)
    first = await rebuilt(views, uuid4())
    assert (first.outcome, first.comparison["differing"]) == ("switched", 0)
    assert first.comparison["live"] == first.comparison["rebuilt"]
    assert first.comparison["live"]["states"] == len(before)
    assert await states(store) == before
    second = await rebuilt(views, uuid4())
    assert second.comparison == first.comparison
    assert await states(store) == before
    await until(lambda: tidy(store))


async def test_what_differs_is_told_and_a_check_leaves_it(store: EventStore, start: Any) -> None:
    running = await start(store, Books)
    head = await write(store, [AccountChanged(account=f"a{n:02}", amount=n) for n in range(1, 60)])
    views = await running.at(head)
    at = {record.id: record.position for record in await store.read(0)}
    generation = await store.pool.fetchval("SELECT generation FROM views")
    digest = (await rebuilt(views, uuid4(), check=True)).comparison["live"]
    for statement, key in (
        ("UPDATE view_rows SET doc = '{\"sum\": 1000}'", "a03"),
        ('UPDATE view_rows SET facets = \'{"state": "overdrawn"}\'', "a10"),
        ("UPDATE view_rows SET due_at = due_at + interval '1 day'", "a20"),
        (f"UPDATE view_rows SET valid_to = {head}", "a30"),
        ("DELETE FROM view_rows", "a59"),
        ("UPDATE view_rows SET valid_from = valid_from + 1", "a41"),
    ):
        assert await store.pool.execute(f"{statement} {STATE}", key) != "UPDATE 0"
    tampered = await states(store)

    checked = await rebuilt(views, uuid4(), check=True)
    found = checked.comparison
    assert (checked.outcome, found["differing"], found["as_of"]) == ("checked", 7, head)
    assert (found["differing_tallies"], found["live"] != found["rebuilt"]) == (0, True)
    assert found["rebuilt"] == digest and found["live"]["digest"] != digest["digest"]
    parts = {(told["key"], told["from"]): told["parts"] for told in found["first"]}
    assert parts == {
        ("a03", at["a03"]): ["row"],
        ("a10", at["a10"]): ["facets"],
        ("a20", at["a20"]): ["due"],
        ("a30", at["a30"]): ["end"],
        ("a41", at["a41"]): [],
        ("a41", at["a41"] + 1): [],
        ("a59", at["a59"]): [],
    }
    assert [told["live"] is None for told in found["first"]] == [False] * 4 + [True, False, True]
    assert await states(store) == tampered
    assert await store.pool.fetchval("SELECT generation FROM views WHERE state = 'live'") == generation

    mended = await rebuilt(views, uuid4())
    assert (mended.outcome, mended.comparison["differing"]) == ("switched", 7)
    assert await views.list("books", limit=99) == true_rows(await store.read(0), head)
    await until(lambda: _differing(views, 7))
    assert (await rebuilt(views, uuid4(), check=True)).comparison["live"] == digest
    await until(lambda: _differing(views, 0))
    await until(lambda: tidy(store))


async def test_a_number_that_is_not_that_of_the_rows_is_told_and_mended(
    store: EventStore, start: Any
) -> None:
    running = await start(store, Books)
    head = await write(store, [AccountChanged(account=f"a{n:02}", amount=n) for n in range(1, 20)])
    views = await running.at(head)
    true = await views.count("books", ["state"])
    good, ghost = '["good","false"]', "INSERT INTO view_tallies SELECT generation, facets, 99999999, 7"
    await store.pool.execute("UPDATE view_tallies SET rows = rows + 1 WHERE position = 12")
    await store.pool.execute(f"{ghost} FROM view_tallies WHERE facets = $1 AND position = 3", good)
    assert await views.count("books", ["state"]) != true

    found = (await rebuilt(views, uuid4(), check=True)).comparison
    assert [(told["key"], told["from"], told["parts"]) for told in found["first"]] == [
        (good, 12, ["count"]),
        (good, 99999999, ["count"]),
    ]
    assert (found["differing"], found["differing_tallies"], found["live"]) == (2, 2, found["rebuilt"])
    of_before = "UPDATE view_rebuilds SET comparison = (comparison::jsonb - 'differing_tallies')::json"
    await store.pool.execute(of_before)
    kept = (await newest(store.pool, Books())).comparison
    assert (kept["differing"], kept["differing_tallies"]) == (2, None), "they were not told apart"
    assert (await rebuilt(views, uuid4())).comparison["differing"] == 2
    assert await views.count("books", ["state"]) == true
    assert (await rebuilt(views, uuid4(), check=True)).comparison["differing"] == 0
    await until(lambda: tidy(store))


BEYOND = {
    "UPDATE view_rows SET valid_to = 99999999": ["end"],
    "UPDATE view_rows SET valid_to = 70": ["end"],
    "UPDATE view_rows SET facets = '{}', valid_to = 99999999": ["end", "facets"],
}
GHOST = """
    INSERT INTO view_rows SELECT generation, $1::bigint, $2::bigint, $3, facets, doc FROM view_rows
    WHERE key = 'a10' AND generation = (SELECT generation FROM views WHERE state = 'live')
"""


async def test_states_that_no_fold_can_have_made_differ(store: EventStore, start: Any) -> None:
    running = await start(store, Books)
    head = await write(store, [AccountChanged(account=f"a{n:02}", amount=n) for n in range(1, 60)])
    views = await running.at(head)
    rows = await views.list("books", limit=99)
    at = {record.id: record.position for record in await store.read(0)}
    for n, statement in enumerate(BEYOND, 1):
        assert await store.pool.execute(f"{statement} {STATE}", f"a0{n}") == "UPDATE 1"
    await store.pool.execute(GHOST, 99999999, None, "ghost")
    await store.pool.execute(GHOST, head + 1, None, "ghost2")
    await store.pool.execute(GHOST, -7, 3, "")
    assert len(await views.list("books", limit=99)) == len(rows) - len(BEYOND) + 2

    found = (await rebuilt(views, uuid4(), check=True)).comparison
    assert {(told["key"], told["from"]): told["parts"] for told in found["first"]} == {
        ("", -7): [],
        ("a01", at["a01"]): ["end"],
        ("a02", at["a02"]): ["end"],
        ("a03", at["a03"]): ["end", "facets"],
        ("ghost", 99999999): [],
        ("ghost2", head + 1): [],
    }
    assert (found["differing"], found["as_of"]) == (6, head)
    assert found["live"]["states"] == found["rebuilt"]["states"] + 3
    assert found["live"]["digest"] != found["rebuilt"]["digest"]
    assert (await rebuilt(views, uuid4())).comparison == found
    assert await views.list("books", limit=99) == rows


async def test_a_view_that_was_moved_beyond_the_log_is_rebuilt(store: EventStore, start: Any) -> None:
    running = await start(store, Books)
    views = await running.at(await write(store, drawn_events(1, 30)))
    await store.pool.execute("UPDATE views SET position = 99999999")
    done = await rebuilt(views, uuid4())
    assert (done.outcome, done.comparison["as_of"]) == ("switched", store.head)


async def _differing(views: Any, number: int) -> bool:
    return bool(views.differing.get("books") == number)


async def test_a_live_row_at_which_the_view_raises_is_mended(store: EventStore, start: Any) -> None:
    running = await start(store, Books)
    views = await running.at(await write(store, drawn_events(3, 30)))
    await running.stop()
    await store.pool.execute("UPDATE view_rows SET doc = '{\"position\": 1}'" + STATE, EVERYTHING)
    stuck = (await start(store, Books)).views
    head = await write(store, drawn_events(4, 30))
    await until(lambda: _value(stuck.unready))
    assert "KeyError" in stuck.alarm
    assert await stuck.get("books", EVERYTHING) == {"position": 1}
    done = await rebuilt(stuck, uuid4())
    assert (done.outcome, done.comparison["differing"]) == ("switched", 1)
    assert await stuck.wait_for(head, 20)
    assert stuck.alarm is None and stuck.unready is None
    assert await views.list("books", limit=99) == true_rows(await store.read(0), head)


async def _value(value: Any) -> Any:
    return value


class Failing(Books):
    """Folds what comes now, and cannot fold it again."""

    failing = False

    def fold(self, key: str, doc: dict[str, Any] | None, record: Record) -> dict[str, Any] | None:
        if self.failing and record.position == 50:
            raise RuntimeError("not again")
        return super().fold(key, doc, record)


async def test_a_rebuild_that_fails_leaves_the_live_view(
    store: EventStore, start: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = await start(store, Failing)
    views = await running.at(await write(store, drawn_events(5, 70)))
    before = await states(store)
    monkeypatch.setattr(Failing, "failing", True)
    failed = await rebuilt(views, uuid4())
    assert (failed.outcome, failed.failure) == ("failed", "the view raised RuntimeError; see the log")
    assert views.unready is None and await states(store) == before
    await until(lambda: tidy(store))


async def test_one_rebuild_at_a_time_and_one_for_each_key(store: EventStore, start: Any) -> None:
    running = await start(store, Books)
    views = await running.at(await write(store, drawn_events(6, 10)))
    await running.stop()
    key = uuid4()
    asked = await ask(store.pool, views["books"], key, False, "clerk")
    assert (await ask(store.pool, views["books"], key, False, "clerk")).asked_at == asked.asked_at
    with pytest.raises(IdempotencyMismatch):
        await ask(store.pool, views["books"], key, True, "clerk")
    with pytest.raises(RebuildUnderWay):
        await ask(store.pool, views["books"], uuid4(), False, "clerk")
    again = await start(store, Books)
    assert (await ended(again.views)).outcome == "switched"
    assert (await ask(store.pool, views["books"], key, False, "clerk")).outcome == "switched"
    assert (await rebuilt(again.views, uuid4())).id != key


async def cut_off_builder(database_url: str) -> None:
    """End the connection on which the rebuild is done, as a kill of its process would."""
    connection = await asyncpg.connect(database_url)
    cut = await connection.fetchval(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory' AND granted"
        " AND mode = 'ExclusiveLock'"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    assert cut
    await connection.close()


@asynccontextmanager
async def stopped_at(monkeypatch: pytest.MonkeyPatch, place: str) -> Any:
    """Stop whoever rebuilds just before a step, and say when it is there."""
    reached, original = asyncio.Event(), getattr(rebuilding.Rebuilding, place)

    async def stop(self: Any, *given: Any) -> Any:
        reached.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(rebuilding.Rebuilding, place, stop)
    yield reached
    monkeypatch.setattr(rebuilding.Rebuilding, place, original)


@pytest.mark.parametrize("place", ["_fold", "_compare", "_switch"])
async def test_another_goes_on_where_the_builder_was_lost(
    database_url: str, store: EventStore, start: Any, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    lost, other = await start(store, Books), await start(store, Books)
    await lost.at(await write(store, drawn_events(7, 100)))
    async with stopped_at(monkeypatch, place) as reached:
        await ask(store.pool, lost.views["books"], uuid4(), False, "clerk")
        await asyncio.wait_for(reached.wait(), 20)
        copy = await store.pool.fetchval("SELECT generation FROM views WHERE state = 'copy'")
    await write(store, drawn_events(8, 100))
    await cut_off_builder(database_url)
    done = await ended(other.views)
    assert done.outcome == "switched" and done.comparison["differing"] == 0
    assert await store.pool.fetchval("SELECT generation FROM views WHERE state = 'live'") == copy
    head = await write(store, drawn_events(9, 20))
    views = await other.at(head)
    assert await views.list("books", limit=99) == true_rows(await store.read(0, limit=1000), head)
    await until(lambda: tidy(store))
