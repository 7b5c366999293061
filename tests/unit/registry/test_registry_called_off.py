"""A closing that an amendment calls off: as of the amendment's day, as its order was of its own."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.registry.amending import Amendment, ChangedRow, amend, repeal, supersede
from services.registry.measure.ordering import earliest, order
from services.registry.mission import Mission, MissionState, phases
from services.registry.mission.dates import set_dates
from shared.contracts.registry import MissionClosingCancelled, MissionReceivingEnded
from shared.domain import Moment
from tests.unit.registry.test_registry_amendments import LATER, with_later
from tests.unit.registry.test_registry_held_days import LATER as ENTERED
from tests.unit.registry.test_registry_held_days import of
from tests.unit.registry.world import MEASURE, OFFICIAL_ON, PUBLIC_ON, World, closing

ON = date(2025, 6, 1)
NOTHING_SAID = Moment(ENTERED, ENTERED)
Enter = Callable[[World, Moment], object]


def dropping(world: World, moment: Moment) -> None:
    amend(world, world.decree, Amendment(LATER, ON, rows_dropped=(MEASURE,)), moment)


def moving(world: World, moment: Moment) -> None:
    changed = (ChangedRow(MEASURE, mission="emb-fr"),)
    amend(world, world.decree, Amendment(LATER, ON, rows_changed=changed), moment)


def ending(end: Any) -> Enter:
    return lambda world, moment: end(world, world.decree, LATER, ON, moment)


ENTER = (dropping, moving, ending(repeal), ending(supersede))


def called_off(world: World) -> datetime:
    """The moment as of which the mission is open again; its receiver receives it no longer as of the same."""
    moments = {}
    for aggregate in (world.mission, world.get(Mission, "emb-it")):
        for change in aggregate.pending_events:
            moments[type(change.event)] = change.effective_at
    assert moments[MissionClosingCancelled] == moments[MissionReceivingEnded]
    assert world.mission.state is MissionState.OPEN
    return moments[MissionClosingCancelled]


@pytest.mark.parametrize("enter", ENTER)
def test_it_is_called_off_as_of_the_amendments_day(enter: Enter) -> None:
    world = with_later(closing())
    enter(world, NOTHING_SAID)
    assert called_off(world) == datetime(2025, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize("enter", ENTER)
def test_it_is_not_called_off_before_its_last_step(enter: Enter) -> None:
    world = with_later(closing())
    set_dates(world, world.mission, PUBLIC_ON, OFFICIAL_ON, of(6, 10))
    phases.announce(world, world.mission, "7/2025", of(6, 20))
    enter(world.forget_news(), NOTHING_SAID)
    assert called_off(world) == of(6, 20).effective_at


@pytest.mark.parametrize("enter", ENTER)
def test_it_is_called_off_as_of_the_moment_that_is_told(enter: Enter) -> None:
    world = with_later(closing())
    enter(world, of(7, 5))
    assert called_off(world) == of(7, 5).effective_at


def test_the_mission_that_the_amendment_names_closes_as_of_the_same_day() -> None:
    world = with_later(closing())
    moving(world, NOTHING_SAID)
    assert earliest(world, world.measure, of(4, 30)).effective_at == called_off(world)
    assert order(world, world.measure, of(6, 1))
