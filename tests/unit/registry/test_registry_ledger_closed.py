"""Until when a ledger takes entries, and which of them after a closing."""

import pytest

from services.registry.closing import close, gather
from services.registry.handover import custody, people
from services.registry.handover import refusals as refuses
from services.registry.handover.entering import check_takes_entries
from services.registry.mission import phases
from services.registry.mission.dates import set_dates
from services.registry.mission.evidencing import waive
from shared.contracts.registry import (
    ItemKind,
    MissionReopened,
    Signatory,
)
from shared.domain import Actor, NotFound
from tests.unit.registry.ledger import (
    CASES,
    COMMITMENT,
    EMPLOYEE,
    NOTIFY,
    PLACE,
    PREMISES,
    REFERENCE,
    STOP,
    TITLE,
    archive,
    dispose,
    entry,
    items,
)
from tests.unit.registry.world import (
    MEASURE,
    NOW,
    OFFICIAL_ON,
    PUBLIC_ON,
    SIGNATORIES,
    World,
    closable,
    closing,
    evidence,
    recall,
    sign,
)


def test_nothing_is_entered_for_a_mission_that_is_not_there() -> None:
    for made in (items(1), archive(), EMPLOYEE, PREMISES, CASES, STOP, COMMITMENT):
        with pytest.raises(NotFound):
            made(World())


def reserved(*conditions: int) -> World:
    """The mission is closed, with reservations for these conditions; one employee still claims something."""
    world = closing()
    for made in (EMPLOYEE, NOTIFY, entry(people.record_claim, "l-00000001", REFERENCE), archive(), items(3)):
        made(world)
    set_dates(world, world.mission, PUBLIC_ON, OFFICIAL_ON, NOW)
    for condition in range(1, 13):
        evidence(world, condition)
    for staff in ("p-1", "p-2"):
        recall(world, staff)
    for condition, mended in ((7, PLACE), (8, dispose(3))):
        if condition in conditions:
            waive(world.mission, condition, "55/2025", TITLE, Actor(subject="i-1", role="issuer"), NOW)
        else:
            mended(world)
    sign(world, *SIGNATORIES)
    close(gather(world, world.mission), NOW, with_reservations=True)
    return world.forget_news()


def test_a_closed_mission_takes_only_what_its_reservations_leave_to_settle() -> None:
    world = reserved(7)
    with pytest.raises(refuses.NotLeftToSettle) as refused:
        entry(custody.count_items, "seal-10", ItemKind.SEAL, 1)(world)
    assert (refused.value.facts["condition"], refused.value.facts["reserved"]) == (8, "7")
    assert refused.value.told().ar and not world.news
    PLACE(world)
    assert len(world.news) == 1 and set(world.handover.signatures) == {one.value for one in Signatory}


def test_a_mission_that_closed_without_reservations_takes_nothing_but_what_settles_a_claim() -> None:
    world = reserved()
    for made in (archive(held=False), entry(custody.count_items, "seal-10", ItemKind.SEAL, 1), CASES, STOP):
        with pytest.raises((refuses.LedgerClosed, refuses.AlreadySettled)):
            made(world)
    assert not world.news
    entry(people.settle_employee, "l-00000001", REFERENCE)(world)
    assert len(world.news) == 1 and world.handover.signatures


def test_what_was_reserved_at_a_closing_is_not_once_the_mission_is_open_again() -> None:
    world = reserved(7)
    assert world.mission.reserved == (7,)
    world.mission.record(MissionReopened(decree="298-2025", measure=MEASURE), NOW)
    assert world.mission.reserved == ()


@pytest.mark.parametrize("steps", range(4))
def test_a_handover_is_looked_into_until_the_accounts_of_the_mission_are_settled(steps: int) -> None:
    world = closable()
    ways = (
        lambda: close(gather(world, world.mission), NOW),
        lambda: phases.settle(world.mission, "39/2026", NOW),
        lambda: phases.archive(world.mission, "40/2026", NOW),
    )
    for way in ways[:steps]:
        way()
    if steps < 2:
        assert check_takes_entries(world.mission) is world.mission
        return
    with pytest.raises(refuses.LedgerClosed) as refused:
        check_takes_entries(world.mission)
    assert refused.value.facts["state"] == ("settled" if steps == 2 else "archived")


def test_nobody_keeps_a_handover_of_a_mission_that_is_not_there() -> None:
    with pytest.raises(NotFound):
        check_takes_entries(World().mission)
