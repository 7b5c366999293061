"""What an amendment would do, told by the events that it would record."""

from typing import Any, cast

from services.registry.amending import Amendment, ChangedRow
from services.registry.application.amendments import Amendments
from shared.domain import Aggregate
from tests.unit.registry.test_registry_amendments import LATER, ON, with_later
from tests.unit.registry.world import DECREE, MEASURE, NOON, World, closing


class MemoryStore:
    """A world, read like a store."""

    head = 7

    def __init__(self, world: World) -> None:
        self.world = world

    async def load_all(self, wanted: list[tuple[type[Aggregate], str]], upto: int) -> list[Aggregate]:
        return [self.world.get(kind, id) for kind, id in wanted]


async def test_an_amendment_is_supposed_and_nothing_is_stored() -> None:
    world = with_later(closing())
    amendments = Amendments(cast(Any, MemoryStore(world)), lambda: NOON)
    change = Amendment(LATER, ON, rows_changed=(ChangedRow(MEASURE, receiver="emb-fr"),))
    told = await amendments.suppose(world.actor, DECREE, change, None)
    types = [event["type"].rpartition(".")[2] for event in told["events"]]
    assert sorted(types) == ["amended", "receiving", "receiving-ended", "retargeted", "retargeted"]
    assert not world.news and world.measure.receiver == "emb-it"
