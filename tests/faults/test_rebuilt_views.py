"""Promise 9: a view rebuilt under writes: no failed read, no difference. Rebuilt twice: byte-equal."""

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from shared.domain.clock import system_clock
from shared.eventstore.migrate import migrate
from shared.eventstore.record import Record
from shared.eventstore.store import EventStore
from shared.projections import Views
from tests.faults.processes import rounds, until
from tests.integration.projections.books import EVERYTHING, Books, rebuilt, states, tidy
from tests.integration.projections.ledger import Running, drawn_events, write
from tests.sample import KEY

EVER = datetime.max.replace(tzinfo=UTC)


Rows = list[tuple[str, dict[str, Any]]]


def untrue(answers: list[tuple[int, Rows]], records: list[Record]) -> list[int]:
    """Fold one by one; return the positions as of which an answer was another."""
    view, rows, wrong = Books(), dict[str, dict[str, Any]](), []
    waiting = sorted(answers, key=lambda answer: answer[0], reverse=True)
    for record in records:
        for key in dict.fromkeys(view.keys(record)):
            after = view.fold(key, dict(rows[key]) if key in rows else None, record)
            rows.pop(key, None)
            if after is not None:
                rows[key] = after
        while waiting and waiting[-1][0] == record.position:
            if waiting.pop()[1] != sorted(rows.items()):
                wrong.append(record.position)
    return wrong + [position for position, _ in waiting]


class Reader:
    """Asks one replica everything that can be asked, without a pause, and keeps what it was told."""

    def __init__(self, views: Views, seed: int) -> None:
        self.answers = 0
        self.told: list[tuple[int, Rows]] = []
        self._views = views
        self._random = random.Random(seed)
        self._seen = 0

    async def read(self) -> None:
        views = self._views
        while True:
            announced = views.position
            rows = await views.list("books", limit=99)
            self._note(announced, rows[0][1]["position"])
            as_of = self._random.randint(1, views.position)
            then = await views.list("books", limit=99, as_of=as_of)
            row = await views.get("books", EVERYTHING)
            assert row is not None
            self._note(announced, row["position"])
            (counted,) = await views.count("books", [], where={"state": "all"})
            assert counted == ((), 1)
            due = await views.due("books", EVER, limit=99)
            assert [one.moment for one in due] == sorted(one.moment for one in due)
            assert await views.next_due("books", datetime(2000, 1, 1, tzinfo=UTC)) is not None
            self.told += [(rows[0][1]["position"], rows), (as_of, then)]
            self.answers += 1

    def _note(self, announced: int, position: int) -> None:
        """No answer is older than one before it, or than what the replica said it had folded."""
        assert position >= max(announced, self._seen), f"{position} after {self._seen}, {announced} announced"
        self._seen = position


@pytest.fixture
async def replicas(database_url: str) -> AsyncIterator[list[tuple[EventStore, Running]]]:
    """Two replicas of one service."""
    await migrate(database_url, "ledger")
    begun = []
    for _ in range(2):
        store = EventStore("ledger", database_url, system_clock, KEY)
        await store.open()
        views = Views(store, [Books()])
        await views.open()
        begun.append((store, Running(views)))
    yield begun
    for store, running in begun:
        await running.stop()
        await store.close()


async def test_a_view_is_rebuilt_under_writes_with_no_failed_read_and_no_difference(
    replicas: list[tuple[EventStore, Running]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.projections.filling.BATCH", 150)
    monkeypatch.setattr("shared.projections.comparing.PAGE", 200)
    monkeypatch.setattr("shared.projections.keeper.LOOK", 0.05)
    (store, first), (other, second) = replicas
    await first.at(await write(store, drawn_events(1, 400)))
    await second.at(store.head)

    async def go_on_writing(to: EventStore, seed: int) -> None:
        for turn in range(100_000):
            await write(to, drawn_events(seed + 2 * turn, 4), seed + 2 * turn)

    readers = [Reader(running.views, seed) for seed, (_, running) in enumerate(replicas)]
    busy = [asyncio.create_task(reader.read()) for reader in readers]
    busy += [asyncio.create_task(go_on_writing(to, seed)) for seed, to in ((100, store), (101, other))]
    try:
        for turn in range(rounds(2)):
            views = replicas[turn % 2][1].views
            before, head = [reader.answers for reader in readers], store.head
            done = await rebuilt(views, uuid4())
            assert done.outcome == "switched" and done.comparison["differing"] == 0
            assert done.comparison["as_of"] >= head
            assert not [task for task in busy if task.done()]
            await until(lambda then=before: _answered(readers, then))
        await until(lambda: _moved_on(store, done.comparison["as_of"]))
    finally:
        for task in busy:
            task.cancel()
        ends = await asyncio.gather(*busy, return_exceptions=True)
    assert [end for end in ends if not isinstance(end, asyncio.CancelledError)] == []

    await until(lambda: _at_rest(store, other))  # what a cancelled writer handed in is stored all the same
    await store.look()
    head, records = store.head, await store.read(0, limit=100_000)
    told = [answer for reader in readers for answer in reader.told]
    told += [(head, await (await running.at(head)).list("books", limit=99)) for _, running in replicas]
    assert untrue(told, records) == []
    at_rest = await states(store)
    for _ in range(2):
        done = await rebuilt(first.views, uuid4())
        assert done.comparison["differing"] == 0 and done.comparison["as_of"] == head
        assert await states(store) == at_rest
    await until(lambda: tidy(store))


async def _answered(readers: list[Reader], before: list[int]) -> bool:
    return all(reader.answers > then for reader, then in zip(readers, before, strict=True))


async def _at_rest(*stores: EventStore) -> bool:
    return all(store.idle for store in stores)


async def _moved_on(store: EventStore, position: int) -> bool:
    return store.head > position + 50
