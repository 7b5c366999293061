"""Who holds a decree: a department or a person, who are never one another, whatever they are called."""

import pytest

from services.registry.decree import holding
from services.registry.decree import refusals as refuses
from shared.contracts.registry import DecreeHeld
from tests.unit.registry.world import NOW, STUDIES, WHY, World, listed

MET = {STUDIES[0].key: ("17/2026",)}


def held(*, in_person: bool | None, holder: str = "audit-bureau") -> World:
    world = listed()
    event = DecreeHeld(
        hold="h-1", by="audit-bureau", holder=holder, in_person=in_person, reason=WHY, conditions=STUDIES
    )
    world.decree.record(event, NOW)
    return world.forget_news()


@pytest.mark.parametrize("in_person", [False, True])
def test_a_person_is_not_the_department_of_the_same_name(in_person: bool) -> None:
    world = listed()
    holding.hold(world.decree, "h-1", "audit-bureau", "audit-bureau", WHY, STUDIES, NOW, in_person=in_person)
    assert world.decree.holds["h-1"].in_person is in_person
    world.forget_news()
    other = {"in_person": not in_person}
    with pytest.raises(refuses.HeldByOther):
        holding.lift(world.decree, "h-1", "audit-bureau", MET, WHY, NOW, **other)
    with pytest.raises(refuses.HeldByOther):
        holding.waive(world.decree, "h-1", STUDIES[0].key, "audit-bureau", WHY, NOW, **other)
    assert not world.news
    holding.lift(world.decree, "h-1", "audit-bureau", MET, WHY, NOW, in_person=in_person)
    assert not world.decree.holds


def test_a_hold_of_before_that_was_told_is_its_authoritys_where_that_is_the_holder() -> None:
    with pytest.raises(refuses.HeldByOther):
        lift(held(in_person=None), "audit-bureau", in_person=True)
    lift(held(in_person=None), "audit-bureau", in_person=False)
    lift(held(in_person=None, holder="bureau-1"), "bureau-1", in_person=True)
    with pytest.raises(refuses.HeldByOther):
        lift(held(in_person=None, holder="bureau-1"), "bureau-2", in_person=True)


def test_whoever_may_lift_any_hold_lifts_it() -> None:
    lift(held(in_person=False), None, in_person=True)


def lift(world: World, by: str | None, *, in_person: bool) -> None:
    holding.lift(world.decree, "h-1", by, MET, WHY, NOW, in_person=in_person)
    assert not world.decree.holds
