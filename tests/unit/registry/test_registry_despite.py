"""`despite` names the holds that covered an amendment, or an end, on its own day, and no others."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from services.registry.amending import Amendment, NewArticle, amend, repeal, supersede
from services.registry.amending import refusals as refuses
from shared.contracts.registry import DecreeAmended, DecreeRepealed, DecreeSuperseded
from shared.domain import Moment, Refusal, Text
from tests.unit.registry.test_registry_amendments import LATER, with_later
from tests.unit.registry.test_registry_held_days import held, of
from tests.unit.registry.world import World, listed

NEW = Text(en="As amended", ar="كما عُدّلت")
Enter = Callable[[World, date, tuple[str, ...], Moment], object]


def amending(world: World, on: date, despite: tuple[str, ...], moment: Moment) -> None:
    change = Amendment(LATER, on, changed=(NewArticle("1", NEW),), despite=despite)
    amend(world, world.decree, change, moment)


def repealing(world: World, on: date, despite: tuple[str, ...], moment: Moment) -> None:
    repeal(world, world.decree, LATER, on, moment, despite)


def superseding(world: World, on: date, despite: tuple[str, ...], moment: Moment) -> None:
    supersede(world, world.decree, LATER, on, moment, despite)


ENTER = (amending, repealing, superseding)
AFTERWARDS = of(12, 1)


def twice_held() -> World:
    """One hold of September that was lifted, and one since November that is open."""
    world = held(with_later(listed()), of(9, 10), of(10, 10), "h-1")
    return held(world, of(11, 1), None, "h-2")


def refused(kind: type[Refusal], act: Callable[[], object], world: World) -> dict[str, Any]:
    with pytest.raises(kind) as refusal:
        act()
    told = refusal.value.told()
    assert told.en and told.ar and "{" not in told.en + told.ar and not world.news
    return dict(refusal.value.facts)


@pytest.mark.parametrize("enter", ENTER)
@pytest.mark.parametrize(
    ("day", "covering"),
    [
        ((9, 9), ()),
        ((9, 10), ("h-1",)),
        ((9, 15), ("h-1",)),
        ((10, 9), ("h-1",)),
        ((10, 10), ()),
        ((11, 2), ("h-2",)),
    ],
)
def test_the_holds_of_its_own_day_are_named_and_no_others(
    enter: Enter, day: tuple[int, int], covering: tuple[str, ...]
) -> None:
    on = date(2025, *day)
    world = twice_held()
    if covering:
        kind = refuses.AmendedUnderHold if enter is amending else refuses.EndedUnderHold
        facts = refused(kind, lambda: enter(world, on, ("h-3",), AFTERWARDS), world)
        assert facts["holds"] == ", ".join(covering)
    for other in {"h-1", "h-2", "nonsense"} - set(covering):
        named = (*covering, other)
        facts = refused(refuses.DespiteNotCovering, lambda n=named: enter(world, on, n, AFTERWARDS), world)
        assert facts["named"] == other
    enter(world, on, covering, AFTERWARDS)
    told = world.news[0]
    assert isinstance(told, (DecreeAmended, DecreeRepealed, DecreeSuperseded))
    assert told.despite == covering


def test_a_hold_on_another_part_is_not_named() -> None:
    world = held(with_later(listed()), of(9, 10), None, article="2")
    facts = refused(
        refuses.DespiteNotCovering, lambda: amending(world, date(2025, 9, 15), ("h-1",), AFTERWARDS), world
    )
    assert facts["named"] == "h-1"
    amending(world, date(2025, 9, 15), (), AFTERWARDS)


@pytest.mark.parametrize("enter", ENTER)
def test_on_the_day_of_a_hold_or_a_lift_the_moment_that_is_told_decides(enter: Enter) -> None:
    # Given a hold that was lifted at noon of 10 October, and no moment of that day is told, it is named.
    noon = Moment(of(10, 10).recorded_at, of(10, 10).effective_at + timedelta(hours=12))
    on = date(2025, 10, 10)
    world = held(with_later(listed()), of(9, 10), noon)
    refused(Refusal, lambda: enter(world, on, (), AFTERWARDS), world)
    # When it is said to be of an hour before the lift it is, too; of an hour after it, it is not.
    hour = timedelta(hours=1)
    earlier = Moment(noon.recorded_at, noon.effective_at - hour)
    later = Moment(noon.recorded_at, noon.effective_at + hour)
    refused(Refusal, lambda: enter(world, on, (), earlier), world)
    refused(refuses.DespiteNotCovering, lambda: enter(world, on, ("h-1",), later), world)
    enter(world, on, (), later)
