"""What fails while an aggregate evolves leaves nothing behind that a later command could build on."""

from collections.abc import AsyncIterator
from enum import StrEnum
from uuid import uuid4

import pytest

from shared.contracts.event import Event
from shared.domain import Aggregate, IllegalStep, Lifecycle, Step
from shared.eventstore import batch
from shared.eventstore.command import Command, Instruction
from shared.eventstore.migrate import migrate
from shared.eventstore.rendering import Gap
from shared.eventstore.store import EventStore
from tests.sample import ACTOR, HoldLifted, HoldPlaced, open_store
from tests.verifying import check_log


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[EventStore]:
    await migrate(database_url, "sample")
    store = await open_store(database_url)
    yield store
    await store.close()


class Position(StrEnum):
    UNKNOWN = "unknown"
    SHUT = "shut"


class Turnstile(Aggregate):
    kind = "turnstile"
    lifecycle = Lifecycle(
        Position.UNKNOWN,
        Step(HoldPlaced, (Position.UNKNOWN,), Position.SHUT),
        Step(HoldLifted, (Position.SHUT,)),
    )
    state: Position = Position.UNKNOWN

    def evolve(self, event: Event) -> None:
        if isinstance(event, HoldPlaced):
            self.state = Position.SHUT


def told(event: Event) -> Command[None]:
    by = Instruction(actor=ACTOR, id=uuid4())
    return Command("tell", by, lambda turn: turn.get(Turnstile, "t").record(event, turn.moment))


async def test_a_step_that_no_lifecycle_knows_leaves_nothing_in_memory(store: EventStore) -> None:
    await store.execute(told(HoldPlaced(reason="studies")))
    for _ in range(2):
        with pytest.raises(IllegalStep):
            await store.execute(told(HoldPlaced(reason="studies")))
    await store.execute(told(HoldLifted()))
    assert [record.version for record in await check_log(store)] == [1, 2]


async def test_an_event_behind_a_gap_is_never_stored(
    store: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.execute(told(HoldPlaced(reason="studies")))
    monkeypatch.setattr(batch.Batch, "_spoil", lambda *_: None)
    with pytest.raises(IllegalStep):
        await store.execute(told(HoldPlaced(reason="studies")))
    store._writer._cache.get("turnstile.t").aggregate.pending_events.clear()  # type: ignore[union-attr]
    with pytest.raises(Gap):
        await store.execute(told(HoldLifted()))
    assert [record.version for record in await check_log(store)] == [1]
