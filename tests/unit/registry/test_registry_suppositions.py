"""What an amendment would do, told by the events that it would record."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, cast

import pytest

from services.registry.amending import Amendment, ChangedRow, refusals
from services.registry.application.amendments import Amendments
from shared.domain import Aggregate
from tests.unit.registry.test_registry_amendments import BEFORE, LATER, ON, with_later
from tests.unit.registry.world import DECREE, MEASURE, NOON, World, closing, hold


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


def suppose(world: World, change: Amendment) -> Any:
    return Amendments(cast(Any, MemoryStore(world)), lambda: NOON).suppose(world.actor, DECREE, change, None)


CHANGE = Amendment(LATER, ON, rows_changed=(ChangedRow(MEASURE, receiver="emb-fr"),))


async def test_it_is_supposed_before_the_later_decree_is_entered_and_before_its_day() -> None:
    # Given no later decree at all, and a day that is to come.
    told = await suppose(closing(), replace(CHANGE, on=NOON.date() + timedelta(days=90)))
    assert told["events"][0]["type"] == "registry.decree.amended"


async def test_every_other_rule_holds_for_what_is_supposed() -> None:
    with pytest.raises(refusals.NotALaterDecree):
        await suppose(with_later(closing(), announced_on=date(2025, 4, 1)), CHANGE)
    with pytest.raises(refusals.NotALaterDecree):
        await suppose(closing(), replace(CHANGE, by=DECREE))
    with pytest.raises(refusals.EffectiveDayTooEarly):
        await suppose(with_later(closing()), replace(CHANGE, on=date(2025, 5, 2)))
    with pytest.raises(refusals.NothingNew):
        await suppose(closing(), replace(CHANGE, rows_changed=(ChangedRow(MEASURE),)))
    world = closing()
    hold(world, BEFORE)
    with pytest.raises(refusals.AmendedUnderHold):
        await suppose(world, CHANGE)
