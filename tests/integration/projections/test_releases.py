"""A raised version of a view: both releases serve, each its own, until the older one is gone."""

import asyncio
from typing import Any, ClassVar

import pytest

from shared.eventstore.store import EventStore
from shared.projections import retiring
from shared.projections.errors import ViewUnfolded
from shared.projections.filling import Filling
from tests.faults.processes import until
from tests.integration.projections.books import Books, tidy, true_rows
from tests.integration.projections.ledger import drawn_events, write


class Newer(Books):
    """The next release's books."""

    version = 2
    facets: ClassVar[tuple[str, ...]] = ("state",)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.projections.keeper.LOOK", 0.05)
    monkeypatch.setattr(retiring, "GRACE", 0.0)


async def versions(store: EventStore) -> list[int]:
    rows = await store.pool.fetch("SELECT version FROM views WHERE state = 'live' ORDER BY version")
    return [row["version"] for row in rows]


async def test_the_older_release_serves_until_it_is_gone_and_the_newer_one_once_it_is_whole(
    store: EventStore, start: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = await start(store, Books)
    head = await write(store, drawn_events(1, 120))
    await old.at(head)
    go_on, fold = asyncio.Event(), Filling.to_head

    async def held_up(self: Filling) -> None:
        await self.at_once(50)
        await go_on.wait()
        await fold(self)

    monkeypatch.setattr(Filling, "to_head", held_up)
    new = await start(store, Newer)
    for asked in (
        new.views.list("books"),
        new.views.get("books", "acc-01", as_of=10),
        new.views.count("books", []),
    ):
        with pytest.raises(ViewUnfolded):
            await asked
    assert new.views.unready == "being folded from the log: books"
    assert new.views.position == 0 and not await new.views.wait_for(1, timeout=0.01)
    head = await write(store, drawn_events(2, 30))
    assert await (await old.at(head)).list("books", limit=99) == true_rows(await store.read(0), head)

    go_on.set()
    assert await (await new.at(head)).list("books", limit=99) == true_rows(await store.read(0), head)
    assert new.views.unready is None
    head = await write(store, drawn_events(3, 30))
    for running in (old, new):
        assert await (await running.at(head)).list("books", limit=99) == true_rows(await store.read(0), head)
    assert await versions(store) == [1, 2]

    await old.stop()
    await until(lambda: tidy(store))
    await until(lambda: _only(store, 2))
    assert await new.views.list("books", limit=99) == true_rows(await store.read(0), head)


async def _only(store: EventStore, version: int) -> bool:
    return await versions(store) == [version]


async def test_a_version_that_was_retired_under_a_replica_is_folded_anew_and_never_read_empty(
    store: EventStore, start: Any
) -> None:
    old = await start(store, Books)
    views = await old.at(await write(store, drawn_events(4, 60)))
    await store.pool.execute("UPDATE views SET state = 'retired'")
    with pytest.raises(ViewUnfolded):
        await views.list("books")
    head = await write(store, drawn_events(5, 20))

    async def whole() -> bool:
        try:
            return await views.list("books", limit=99) == true_rows(await store.read(0), head)
        except ViewUnfolded:
            return False

    await until(whole)
    await old.at(head)
    assert views.unready is None and await versions(store) == [1]


async def test_a_version_of_a_replica_that_is_back_within_the_grace_is_kept(
    store: EventStore, start: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retiring, "GRACE", 3600.0)
    old = await start(store, Books)
    head = await write(store, drawn_events(6, 20))
    await old.at(head)
    await old.stop()
    looked, retire = asyncio.Event(), retiring.OlderVersions.retire

    async def retire_and_tell(self: Any, connection: Any, views: Any) -> None:
        await retire(self, connection, views)
        if self._unused_since:
            looked.set()

    monkeypatch.setattr(retiring.OlderVersions, "retire", retire_and_tell)
    await (await start(store, Newer)).at(head)
    await asyncio.wait_for(looked.wait(), 20)
    assert await versions(store) == [1, 2]
    back = await start(store, Books)
    assert await back.views.list("books", limit=99) == true_rows(await store.read(0), head)
