"""The keeper goes on with every other view where one cannot be filled, tells what is full, and lets go."""

import asyncio
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from shared.eventstore.record import Record
from shared.eventstore.store import EventStore
from shared.projections import rebuilding
from shared.projections.advancing import Advancing
from shared.projections.rebuilds import find
from tests.faults.processes import until
from tests.integration.projections.books import Books, ended, rebuilt, states, tidy
from tests.integration.projections.ledger import drawn_events, write


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.projections.keeper.LOOK", 0.05)
    monkeypatch.setattr("shared.projections.keeper.AGAIN", 0.2)


class Unfillable(Books):
    name = "unfillable"
    broken = True

    def fold(self, key: str, doc: dict[str, Any] | None, record: Record) -> dict[str, Any] | None:
        if self.broken:
            raise RuntimeError("never")
        return super().fold(key, doc, record)


async def said(tell: Any, what: str) -> None:
    async def told() -> bool:
        return what in (tell() or "")

    await until(told)


async def test_a_view_that_cannot_be_filled_holds_up_no_other(
    store: EventStore, start: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await (await start(store, Books)).at(await write(store, drawn_events(1, 40)))
    views = (await start(store, Unfillable, Books)).views
    await said(lambda: views.unready, "unfillable: RuntimeError('never')")
    done = await rebuilt(views, uuid4())
    assert (done.outcome, done.comparison["differing"]) == ("switched", 0)
    assert "unfillable" in (views.alarm or "") and await views.get("books", "000") is not None
    monkeypatch.setattr(Unfillable, "broken", False)
    assert await views.wait_for(store.head, 20)
    await until(lambda: _well(views))


async def _well(views: Any) -> bool:
    return views.alarm is None and views.unready is None


async def test_a_full_disk_is_an_alarm_and_goes_on_once_there_is_room(
    store: EventStore, start: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    views = (await start(store, Books)).views
    await views.wait_for(await write(store, drawn_events(1, 40)), 20)
    original = Advancing.advance

    async def full(self: Advancing, *given: Any) -> bool:
        raise asyncpg.DiskFullError("could not extend file")

    monkeypatch.setattr(Advancing, "advance", full)
    await views.rebuild("books", uuid4(), False, "clerk")
    await said(lambda: views.alarm, "no room for views: could not extend file")
    assert views.unready is None, "what is read is whole"
    await write(store, drawn_events(2, 3))
    await said(lambda: views.unready, "could not extend file")
    monkeypatch.setattr(Advancing, "advance", original)
    assert (await ended(views)).outcome == "switched"
    assert await views.wait_for(store.head, 20)
    await until(lambda: _well(views))


@pytest.mark.parametrize("place", ["_copy", "_fold", "_compare", "_switch", "_throw_away"])
async def test_a_rebuild_is_cancelled_at_any_step(
    store: EventStore, start: Any, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    views = (await start(store, Books)).views
    await views.wait_for(await write(store, drawn_events(1, 40)), 20)
    before, generation = await states(store), await store.pool.fetchval("SELECT generation FROM views")
    reached, on = asyncio.Event(), asyncio.Event()
    original = getattr(rebuilding.Rebuilding, place)

    async def held(self: Any, *given: Any) -> Any:
        reached.set()
        await on.wait()
        return await original(self, *given)

    monkeypatch.setattr(rebuilding.Rebuilding, place, held)
    key = uuid4()
    await views.rebuild("books", key, place == "_throw_away", "clerk")
    await asyncio.wait_for(reached.wait(), 20)
    cancelled = await views.cancel("books", key, "chief")
    assert cancelled is not None
    assert (cancelled.outcome, cancelled.failure) == ("cancelled", "cancelled by chief")
    on.set()
    await until(lambda: tidy(store))
    assert await find(store.pool, views["books"], key) == cancelled
    assert await states(store) == before
    assert await store.pool.fetchval("SELECT generation FROM views WHERE state = 'live'") == generation
    assert (await rebuilt(views, uuid4())).outcome == "switched"
    assert await views.cancel("books", key, "clerk") == cancelled, "it ended already"
    assert await views.cancel("books", uuid4(), "clerk") is None
    assert views.alarm is None


async def test_whoever_looked_after_views_lets_another_do_it(store: EventStore, start: Any) -> None:
    views = (await start(store, Books)).views
    await rebuilt(views, uuid4())

    async def free() -> bool:
        query = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ExclusiveLock'"
        return bool(await store.pool.fetchval(query) == 0)

    await until(free)
