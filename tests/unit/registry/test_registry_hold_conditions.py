"""Conditions of a hold: fulfilled with documents, or waived by the holder, before it is lifted."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from pydantic import ValidationError

from services.registry.bodies_decrees import LiftBody
from services.registry.decree import DecreeState
from services.registry.decree import refusals as refuses
from services.registry.decree.holding import fulfil, hold, lift, waive
from shared.contracts.registry import (
    DecreeConditionFulfilled,
    DecreeConditionWaived,
    HoldCondition,
    MetCondition,
)
from shared.domain import Moment, Text
from shared.domain.moment import BeforeWhatItFollows
from tests.unit.registry.world import NOW, WHY, World, listed

HOLDER = "bureau-1"
LETTER = ("AB-17/2025",)
BLANK = Text(en=" ", ar=" ")


def held() -> World:
    world = listed()
    conditions = tuple(HoldCondition(key=key, text=Text(en=key)) for key in ("financial", "legal"))
    hold(world.decree, "h-1", "audit-bureau", HOLDER, WHY, conditions, NOW)
    return world.forget_news()


def test_a_hold_is_lifted_once_every_condition_is_fulfilled_or_waived() -> None:
    world = held()
    fulfil(world.decree, "h-1", "financial", LETTER, NOW)
    with pytest.raises(refuses.HoldConditionsOpen) as refused:
        lift(world.decree, "h-1", HOLDER, {}, WHY, NOW)
    assert refused.value.facts["missing"] == "legal"
    waive(world.decree, "h-1", "legal", HOLDER, WHY, NOW)
    lift(world.decree, "h-1", HOLDER, {}, WHY, NOW)
    assert world.decree.state is DecreeState.IN_FORCE
    fulfilled, waived, resumed = world.news
    assert isinstance(fulfilled, DecreeConditionFulfilled) and fulfilled.evidence == LETTER
    assert isinstance(waived, DecreeConditionWaived) and waived.by == HOLDER
    assert resumed.model_dump()["met"] == (
        MetCondition(key="financial", evidence=LETTER).model_dump(),
        MetCondition(key="legal", evidence=(), waived=True).model_dump(),
    )


def test_what_is_evidenced_with_the_lift_adds_to_what_was_fulfilled() -> None:
    world = held()
    fulfil(world.decree, "h-1", "financial", LETTER, NOW)
    lift(world.decree, "h-1", HOLDER, {"legal": ("8/2025",)}, WHY, NOW)
    assert not world.decree.holds


def test_to_fulfil_a_condition_again_by_the_same_changes_nothing_and_by_more_it_does() -> None:
    world = held()
    fulfil(world.decree, "h-1", "financial", LETTER, NOW)
    fulfil(world.decree, "h-1", "financial", LETTER, NOW)
    assert len(world.news) == 1
    fulfil(world.decree, "h-1", "financial", (*LETTER, "18/2025"), NOW)
    assert world.decree.settled["h-1"]["financial"].evidence == (*LETTER, "18/2025")


def test_a_condition_is_fulfilled_with_a_document() -> None:
    with pytest.raises(refuses.HoldConditionsOpen):
        fulfil(held().decree, "h-1", "financial", (), NOW)


def test_only_the_holder_does_without_a_condition() -> None:
    with pytest.raises(refuses.HeldByOther):
        waive(held().decree, "h-1", "financial", "bureau-2", WHY, NOW)


def test_a_condition_is_waived_for_a_reason_and_once() -> None:
    world = held()
    with pytest.raises(refuses.ReasonBlank):
        waive(world.decree, "h-1", "financial", HOLDER, BLANK, NOW)
    waive(world.decree, "h-1", "financial", HOLDER, WHY, NOW)
    with pytest.raises(refuses.HoldConditionSettled):
        waive(world.decree, "h-1", "financial", HOLDER, WHY, NOW)


@pytest.mark.parametrize("key", ["h-9", "h-1"])
def test_what_is_not_there_is_not_settled(key: str) -> None:
    world = held()
    with pytest.raises((refuses.HoldNotOpen, refuses.HoldConditionUnknown)):
        fulfil(world.decree, key, "studies", LETTER, NOW)
    with pytest.raises((refuses.HoldNotOpen, refuses.HoldConditionUnknown)):
        waive(world.decree, key, "studies", HOLDER, WHY, NOW)


def test_nothing_is_fulfilled_before_the_hold() -> None:
    early = Moment(NOW.recorded_at, NOW.effective_at - timedelta(days=1))
    with pytest.raises(refuses.LiftBeforeHold):
        fulfil(held().decree, "h-1", "financial", LETTER, early)


def told(hours: int) -> Moment:
    """Told at noon, of so many hours after the hold began."""
    return Moment(NOW.recorded_at + timedelta(days=1), NOW.effective_at + timedelta(hours=hours))


def by_letter(world: World, moment: Moment) -> None:
    fulfil(world.decree, "h-1", "financial", LETTER, moment)


def by_waiver(world: World, moment: Moment) -> None:
    waive(world.decree, "h-1", "financial", HOLDER, WHY, moment)


@pytest.mark.parametrize("settle", [by_letter, by_waiver])
@pytest.mark.parametrize("met", [{}, {"financial": ("19/2025",)}])
def test_no_hold_is_lifted_before_what_it_waited_for(
    settle: Callable[[World, Moment], None], met: dict[str, tuple[str, ...]]
) -> None:
    world = held()
    settle(world, told(9))
    world.forget_news()
    with pytest.raises(BeforeWhatItFollows) as refused:
        lift(world.decree, "h-1", HOLDER, {"legal": ("8/2025",), **met}, WHY, told(8))
    assert refused.value.facts["of"] == "financial"
    assert not world.news
    lift(world.decree, "h-1", HOLDER, {"legal": ("8/2025",), **met}, WHY, told(9))


def test_a_condition_that_was_fulfilled_earlier_than_was_told_is_told_again() -> None:
    world = held()
    by_letter(world, told(9))
    by_letter(world, told(9))
    by_letter(world, told(10))
    assert len(world.news) == 1, "later by the same letter is nothing new"
    by_letter(world, told(3))
    lift(world.decree, "h-1", HOLDER, {"legal": ("8/2025",)}, WHY, told(3))


def test_evidence_for_a_condition_is_given_once() -> None:
    one, other = ({"key": "legal", "evidence": [letter]} for letter in ("8/2025", "9/2025"))
    lifts = LiftBody.model_validate({"reason": {"en": "Done"}, "met": [one]})
    assert lifts.evidence == {"legal": ("8/2025",)}
    with pytest.raises(ValidationError, match="once"):
        LiftBody.model_validate({"reason": {"en": "Done"}, "met": [one, other]})


def test_a_condition_stands_once() -> None:
    twice = (HoldCondition(key="legal", text=Text(en="a")), HoldCondition(key="legal", text=Text(en="b")))
    with pytest.raises(refuses.HoldConditionTwice):
        hold(listed().decree, "h-1", "audit-bureau", HOLDER, WHY, twice, NOW)
