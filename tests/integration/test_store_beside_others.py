"""A backlog of heavy commands lets others on the event loop have their turn, on which seats depend."""

import asyncio
from dataclasses import replace
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest

from shared.eventstore import batch, cache, writer
from shared.eventstore.command import Command, Turn
from shared.eventstore.migrate import migrate
from shared.messaging.ending import end
from tests.sample import Gate, open_store, passing

MANY = 40


class Turns:
    """Counts the turns that somebody else gets on the event loop."""

    def __init__(self) -> None:
        self.taken = 0

    async def take(self) -> None:
        while True:
            await asyncio.sleep(0)
            self.taken += 1


async def test_what_takes_long_to_load_or_to_decide_lets_others_run_in_between(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "LONGEST_GO", -1.0)
    monkeypatch.setattr(cache, "LONGEST_GO", -1.0)
    await migrate(database_url, "sample")
    store = await open_store(database_url)
    turns, decided = Turns(), []
    others = asyncio.create_task(turns.take())

    def noting(command: Command[Any]) -> Command[Any]:
        def decide(turn: Turn) -> Any:
            decided.append(turns.taken)
            return command.decide(turn)

        return replace(command, decide=decide)

    try:
        heavy = [noting(passing("g", id=uuid4())) for _ in range(MANY)]
        await asyncio.gather(*store.execute_in_order(heavy))
        assert len(set(decided)) == len(decided) == MANY
        rows = await store.pool.fetch(
            "SELECT stream, version, type, schema, recorded_at, data, leaf, sealed, effective_at FROM events"
            " WHERE stream = 'gate.g' ORDER BY version"
        )
        before = turns.taken
        entries = await cache.fold([(Gate, "g")], rows)
        assert turns.taken - before >= MANY - 1
        assert entries["gate.g"].aggregate.version == MANY
    finally:
        await end(others)
        await store.close()


async def test_a_batch_of_many_events_takes_no_further_command(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "MAX_ROWS", 5)
    await migrate(database_url, "sample")
    store = await open_store(database_url)
    try:
        commands = [passing("g", id=uuid4()) for _ in range(MANY)]
        await asyncio.gather(*store.execute_in_order(commands))
        sizes = await store.pool.fetch("SELECT size FROM checkpoints ORDER BY size")
        ends = [0, *(row["size"] for row in sizes)]
        assert ends[-1] == MANY
        assert max(end - begin for begin, end in pairwise(ends)) == 5
    finally:
        await store.close()
