"""Whether somebody can be posted to a mission is judged as of the day of the posting."""

from datetime import timedelta

import pytest

from services.registry.closing import close, examine, gather
from services.registry.mission import Mission
from services.registry.mission.refusals import ClosedSinceThen, NoPostingThere
from services.registry.organisation import MINISTRY, Organisation
from services.registry.staff import StaffMember
from shared.contracts.registry import MissionClosingCancelled, MissionReopened
from shared.domain import Moment
from shared.eventstore import snapshots
from tests.unit.registry.world import NOON, NOW, World, closable, closing, post

DAY = timedelta(days=1)
LATER = NOON + 30 * DAY


def of(days: int) -> Moment:
    """A moment so many days from the beginning of the closing, told long after it."""
    return Moment(LATER, NOON + days * DAY)


def test_who_was_posted_before_the_closing_began_is_entered_and_counts_for_condition_5() -> None:
    world = closable()
    post(world, "p-9", "diplomat", "cabinet", moment=of(-1), posted_on=of(-1).effective_at.date())
    assert "p-9" in world.mission.posted
    fifth = examine(gather(world, world.mission))[4]
    assert not fifth.holds and "p-9" in (fifth.missing[0].en or "")


@pytest.mark.parametrize("days", [0, 1])
def test_nobody_is_posted_as_of_a_day_on_which_it_was_closing(days: int) -> None:
    world = closing()
    with pytest.raises(NoPostingThere):
        post(world, "p-9", "diplomat", "cabinet", moment=of(days))
    assert not world.news


def test_a_reassignment_is_judged_as_of_its_day_too() -> None:
    world = closing()
    post(world, "p-9", "diplomat", "cabinet", "emb-it", moment=of(-9))
    fields = world.get(Mission, "emb-it"), world.mission, "cabinet", None, world.get(Organisation, MINISTRY)
    with pytest.raises(NoPostingThere):
        world.get(StaffMember, "p-9").reassign(*fields, of(2))
    world.get(StaffMember, "p-9").reassign(*fields, of(-2))
    assert "p-9" in world.mission.posted


def called_off() -> World:
    world = closing()
    off = MissionClosingCancelled(decree="298-2025", measure="298-2025-a2-r01", receiver="emb-it")
    world.mission.record(off, of(10))
    return world.forget_news()


def test_a_closing_that_was_called_off_still_was_one_on_its_days() -> None:
    world = called_off()
    with pytest.raises(NoPostingThere) as refused:
        post(world, "p-9", "diplomat", "cabinet", moment=of(5))
    assert refused.value.facts["state"] == "closing"
    for staff, days in (("p-8", -1), ("p-9", 10)):
        post(world, staff, "diplomat", "cabinet", moment=of(days))
    assert {"p-8", "p-9"} <= set(world.mission.posted)


def reopened() -> World:
    """The mission closed on the first day, and was opened again ten days later."""
    world = closable()
    close(gather(world, world.mission), NOW)
    with pytest.raises(NoPostingThere):
        post(world, "p-9", "diplomat", "cabinet", moment=of(-1))
    world.mission.record(MissionReopened(decree="9-2026", measure="9-2026-a1-r01"), of(10))
    return world.forget_news()


@pytest.mark.parametrize("days", [-400, -1])
def test_nobody_is_posted_straight_through_a_time_in_which_the_mission_was_closed(days: int) -> None:
    world = reopened()
    with pytest.raises(ClosedSinceThen) as refused:
        post(world, "p-9", "diplomat", "cabinet", moment=of(days))
    assert refused.value.facts["reopened_at"] == "2025-05-15T12:00:00.000000Z"
    post(world, "p-9", "diplomat", "cabinet", "emb-it", moment=of(-9))
    elsewhere, ministry = world.get(Mission, "emb-it"), world.get(Organisation, MINISTRY)
    with pytest.raises(ClosedSinceThen):
        world.get(StaffMember, "p-9").reassign(elsewhere, world.mission, "cabinet", None, ministry, of(-1))


@pytest.mark.parametrize("days", [0, 5])
def test_nobody_was_posted_while_the_mission_was_closed(days: int) -> None:
    world = reopened()
    with pytest.raises(NoPostingThere):
        post(world, "p-9", "diplomat", "cabinet", moment=of(days))


def test_people_are_posted_again_from_the_reopening_on_and_while_another_closing_goes_on() -> None:
    world = reopened()
    post(world, "p-8", "diplomat", "cabinet", moment=of(10))
    world.mission.announce_closing("9-2026", "9-2026-a1-r02", None, of(20))
    post(world, "p-9", "diplomat", "cabinet", moment=of(19))
    with pytest.raises(ClosedSinceThen):
        post(world, "p-7", "diplomat", "cabinet", moment=of(-1))
    assert set(world.mission.posted) == {"p-8", "p-9"}


def test_snapshots_hold_when_it_was_closing() -> None:
    original, copy = called_off().mission, Mission.blank("emb-va")
    snapshots.restore(copy, snapshots.dump(original))
    assert copy.was_closing == original.was_closing == ((NOW.effective_at, of(10).effective_at),)
