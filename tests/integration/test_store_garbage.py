"""What commands leave behind, on a real PostgreSQL: nothing that only a look for circles could find."""

import asyncio
import gc
from collections.abc import AsyncIterator, Iterator

import pytest

from shared.domain.refusal import NotFound
from shared.eventstore.command import Command, Instruction, Turn
from shared.eventstore.migrate import migrate
from shared.eventstore.pending import Pending
from shared.eventstore.store import EventStore
from tests.sample import ACTOR, command_id, open_store, passing


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[EventStore]:
    await migrate(database_url, "sample")
    store = await open_store(database_url)
    yield store
    await store.close()


@pytest.fixture
def left(store: EventStore) -> Iterator[list[object]]:
    """Commands that were found in circles of garbage, once the test has looked."""
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    yield gc.garbage
    gc.set_debug(0)
    gc.garbage.clear()
    gc.enable()


def refused(number: int) -> Command[None]:
    def decide(_: Turn) -> None:
        try:
            {}["never"]
        except KeyError:
            raise NotFound(kind="gate", id="never")  # noqa: B904  # with the error before it

    return Command("refuse", Instruction(id=command_id(f"{number}"), actor=ACTOR), decide)


def commands(garbage: list[object]) -> list[object]:
    gc.collect()
    return [one for one in garbage if isinstance(one, Pending | Command)]


async def test_a_command_that_is_stored(store: EventStore, left: list[object]) -> None:
    for number in range(5):
        await store.execute(passing("emb-va", id=command_id(f"{number}")))
    assert commands(left) == []


async def test_a_command_that_is_refused(store: EventStore, left: list[object]) -> None:
    for number in range(5):
        with pytest.raises(NotFound):
            await store.execute(refused(number))
    assert commands(left) == []


async def test_commands_of_a_lane(store: EventStore, left: list[object]) -> None:
    lane = store.lane()
    told = await asyncio.gather(
        *(lane.execute(refused(number)) for number in range(5)), return_exceptions=True
    )
    assert [type(one) for one in told] == [NotFound] * 5
    del told
    assert commands(left) == []
