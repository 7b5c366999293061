"""A decree that is over: its holds are still lifted, and holds of days on which it bound still entered."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.registry.amending import amend, repeal, supersede
from services.registry.amending import refusals as refuses
from services.registry.amending.proposal import Amendment, NewArticle, NewRow
from services.registry.days import first_moment_of
from services.registry.decree import Decree, DecreeState, holding
from services.registry.decree.refusals import DecreeNotInForce, HoldConditionsOpen
from shared.contracts.registry import DecreeHeld, MeasureKind
from shared.domain import Moment, Text
from shared.domain.refused_alike import NoSuchPart
from tests.unit.registry.test_registry_amendments import LATER, with_later
from tests.unit.registry.test_registry_held_days import held, of, refused
from tests.unit.registry.world import MEASURE, World, draft, hold, listed
from tests.unit.registry.world import NOW as NOON

ENDED_ON = date(2025, 9, 1)
NOW = of(12, 1)
ENDS = (repeal, supersede)
OTHER = "402-2025"


def ended(end: Any, world: World, despite: tuple[str, ...] = ()) -> World:
    end(world, world.decree, LATER, ENDED_ON, NOW, despite)
    return world.forget_news()


def executed() -> World:
    world = listed()
    world.decree.execute(dict.fromkeys(world.decree.measures, True), of(9, 1))
    return world.forget_news()


@pytest.mark.parametrize("end", ENDS)
def test_a_hold_on_a_decree_that_was_ended_is_fulfilled_waived_and_lifted(end: Any) -> None:
    world = ended(end, held(with_later(listed()), of(8, 1), None), ("h-1",))
    state = world.decree.state
    with pytest.raises(HoldConditionsOpen):
        holding.lift(world.decree, "h-1", "bureau-1", {}, Text(en="Over"), NOW)
    holding.fulfil(world.decree, "h-1", "financial", ("9/2025",), NOW)
    holding.lift(world.decree, "h-1", "bureau-1", {}, Text(en="Over"), NOW)
    assert not world.decree.holds and world.decree.state is state
    # And of one that is waived.
    held(world, of(8, 2), None, "h-2")
    holding.waive(world.decree, "h-2", "financial", "bureau-1", Text(en="Over"), NOW)
    holding.lift(world.decree, "h-2", "bureau-1", {}, Text(en="Over"), NOW)


@pytest.mark.parametrize("end", ENDS)
def test_a_late_hold_is_of_a_day_on_which_the_decree_bound(end: Any) -> None:
    world = ended(end, with_later(listed()))
    for moment in (of(9, 1), NOW):
        told = refused(DecreeNotInForce, lambda moment=moment: hold(world, moment), world)
        assert told.facts["state"] == world.decree.state.value
    hold(world, of(8, 31))
    (event,) = world.news
    assert isinstance(event, DecreeHeld) and event.since == of(8, 31).effective_at
    # Then what a third decree changed on that day was changed in spite of it.
    third = Amendment(LATER, date(2025, 8, 31), changed=(NewArticle("1", Text(en="New")),))
    world.forget_news()
    refused(refuses.AmendedUnderHold, lambda: amend(world, world.decree, third, NOW), world)


def test_a_late_hold_is_of_a_day_before_the_decree_was_executed() -> None:
    world = executed()
    refused(DecreeNotInForce, lambda: hold(world, of(9, 1)), world)
    hold(world, of(8, 31))
    assert world.decree.state is DecreeState.EXECUTED
    holding.lift(world.decree, "h-1", "bureau-1", {"financial": ("9/2025",)}, Text(en="Done"), NOW)


@pytest.mark.parametrize("end", ENDS)
def test_no_hold_is_on_a_decree_that_never_bound(end: Any) -> None:
    world = with_later(World())
    world.decree.issue(draft(in_force_on=date(2027, 1, 1)), NOON)
    end(world, world.decree, LATER, ENDED_ON, NOW)
    world.forget_news()
    refused(DecreeNotInForce, lambda: hold(world, of(8, 31)), world)


def test_a_hold_is_on_what_the_decree_had_then() -> None:
    world = with_later(listed())
    amend(world, world.decree, Amendment(LATER, ENDED_ON, rows_dropped=(MEASURE,)), NOW)
    world.forget_news()
    refused(NoSuchPart, lambda: hold(world, of(9, 1), measure=MEASURE), world)
    hold(world, of(8, 31), measure=MEASURE)


def test_a_hold_is_on_what_the_decree_had_already() -> None:
    world = with_later(listed())
    added = (NewRow("2", 3, MeasureKind.CLOSE, "emb-fr"),)
    amend(world, world.decree, Amendment(LATER, ENDED_ON, rows_added=added), NOW)
    world.forget_news()
    first = first_moment_of(ENDED_ON)
    before = Moment(NOW.recorded_at, first - timedelta(microseconds=1))
    refused(NoSuchPart, lambda: hold(world, before, measure="298-2025-a2-r03"), world)
    hold(world, Moment(NOW.recorded_at, first), measure="298-2025-a2-r03")


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("on", [date(2025, 8, 1), ENDED_ON, date(2025, 10, 1)])
def test_a_decree_ends_once_and_who_would_end_it_otherwise_compares_both(end: Any, on: date) -> None:
    # Given two later decrees, and that one of them ended the decree,
    world = ended(repeal, with_later(listed()))
    other = world.get(Decree, OTHER)
    other.issue(draft(number=402, articles=(), announced_on=date(2025, 5, 2), procedure=None), NOON)
    other.enter_into_force(date(2025, 5, 3), NOON)
    world.forget_news()
    # when the other would end it from an earlier day, the same or a later one, it is told which did.
    told = refused(refuses.EndedAlready, lambda: end(world, world.decree, OTHER, on, NOW), world)
    assert (told.facts["ended_by"], told.facts["ended_on"]) == (LATER, "2025-09-01")
