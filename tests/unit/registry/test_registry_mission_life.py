"""The life of a mission beside its closing: opened, changed, announced, reserved, settled, reopened."""

from typing import Any

import pytest

from services.registry.changing import carry_out
from services.registry.closing import close, gather
from services.registry.decree.refusals import DecreeOnHold
from services.registry.handover import representation
from services.registry.handover.refusals import NotAccreditedThere
from services.registry.measure import Measure
from services.registry.measure.ordering import order
from services.registry.mission import Mission, MissionState, phases
from services.registry.mission import refusals as refuses
from services.registry.mission.dates import set_dates
from services.registry.mission.evidencing import waive
from services.registry.mission.state import Phase
from services.registry.views.missions import MissionsView, in_fact_at
from shared.contracts.registry import (
    MeasureKind,
    MissionAccredited,
    MissionClosed,
    MissionKind,
    MissionReopened,
    Reservation,
    Succession,
    Target,
)
from shared.domain import Actor, Text
from tests.unit.registry.folding import fold
from tests.unit.registry.world import (
    MEASURE,
    NOON,
    NOW,
    OFFICIAL_ON,
    PUBLIC_ON,
    World,
    closable,
    closing,
    description,
    hold,
    listed,
    post,
    registered,
    row,
)

ISSUER = Actor(subject="issuer-1", role="issuer")
WHY = Text(en="The register is at headquarters.", ar="السجل في المقر.")
SECOND = "298-2025-a2-r02"


def planned() -> World:
    """A mission that is to be opened, by the second row of the decree."""
    world = listed()
    world.get(Mission, "con-mi").register(description("IT").model_copy(update={"planned": True}), NOW)
    return world.forget_news()


def executed(world: World, kind: MeasureKind, mission: str, **target: Any) -> Measure:
    """Order a second row about a mission, and carry it out."""
    measure = world.get(Measure, SECOND)
    wanted = Target(**target) if target else None
    listing = row(row=2, measure_kind=kind, mission=mission, receiver=None, target=wanted)
    measure.list_in(world.decree, listing, NOW)
    assert order(world, measure, NOW)
    measure.execute(("9/2025",), NOW)
    carry_out(world, measure, NOW)
    return measure


def test_a_planned_mission_is_opened_by_a_measure() -> None:
    world = planned()
    mission = world.get(Mission, "con-mi")
    assert mission.state is MissionState.PLANNED
    with pytest.raises(refuses.NoPostingThere):
        mission.check_takes_staff(NOW)
    executed(world, MeasureKind.OPEN, "con-mi")
    assert mission.state is MissionState.OPEN
    mission.check_takes_staff(NOW)


def test_an_open_mission_is_not_opened() -> None:
    with pytest.raises(refuses.AlreadyThere):
        executed(listed(), MeasureKind.OPEN, "emb-fr")


def closed() -> World:
    world = closable()
    close(gather(world, world.mission), NOW)
    return world.forget_news()


@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_closed_mission_is_reopened_and_nothing_of_the_closing_counts_any_more(after: int) -> None:
    world = closed()
    for step in (phases.settle, phases.archive)[:after]:
        step(world.mission, "39/2026", NOW)
    executed(world, MeasureKind.OPEN, "emb-va")
    mission = world.mission
    assert mission.state is MissionState.OPEN
    assert (mission.closing, mission.dates, mission.phase) == (None, None, None)
    assert (mission.evidence, mission.waivers, mission.left) == ({}, {}, {})
    assert world.handover.signatures == {}
    assert world.get(Mission, "emb-it").states == ("IT", "VA", "SM"), "what was given to others stays theirs"


def test_a_reopened_mission_answers_for_its_own_states_alone_wherever_it_is_asked() -> None:
    world, gained = closable(), MissionAccredited(mission="emb-va", state="NI", reference="60/2025")
    world.mission.gained = ("NI",)
    close(gather(world, world.mission), NOW)
    executed(world, MeasureKind.OPEN, "emb-va")
    assert world.mission.states == ("VA", "SM")
    with pytest.raises(NotAccreditedThere):
        representation.settle_state(
            world.handover, world.mission, "NI", Succession.GAP, None, None, "61/2025", NOW
        )
    assert "NI" in world.get(Mission, "emb-it").states, "what was given to others stays theirs"
    moves = [event for event in world.news if isinstance(event, (MissionClosed, MissionReopened))]
    events = (description("VA"), gained, *moves)
    told = fold(MissionsView(), *(("mission.emb-va", event) for event in events))["emb-va"]
    open_spans = [span["state"] for span in told["accredited"] if span["until"] is None]
    assert tuple(open_spans) == world.mission.states


def test_a_closed_mission_is_settled_and_then_archived() -> None:
    world = closed()
    with pytest.raises(refuses.MissionInOtherState):
        phases.archive(world.mission, "40/2026", NOW)
    phases.settle(world.mission, "39/2026", NOW)
    with pytest.raises(refuses.MissionInOtherState):
        phases.settle(world.mission, "39/2026", NOW)
    phases.archive(world.mission, "40/2026", NOW)
    assert world.mission.state is MissionState.ARCHIVED


def test_a_closing_is_announced_and_then_its_services_stop() -> None:
    world = closing()
    with pytest.raises(refuses.DatesFirst):
        phases.announce(world, world.mission, "20/2025", NOW)
    set_dates(world, world.mission, PUBLIC_ON, OFFICIAL_ON, NOW)
    with pytest.raises(refuses.OutOfPhase):
        phases.stop_services(world, world.mission, "21/2025", NOW)
    phases.announce(world, world.mission, "20/2025", NOW)
    with pytest.raises(refuses.OutOfPhase):
        phases.announce(world, world.mission, "20/2025", NOW)
    phases.stop_services(world, world.mission, "21/2025", NOW)
    assert world.mission.phase is Phase.SERVICES_STOPPED


def test_nothing_is_announced_under_a_hold() -> None:
    world = closing()
    set_dates(world, world.mission, PUBLIC_ON, OFFICIAL_ON, NOW)
    hold(world)
    with pytest.raises(DecreeOnHold):
        phases.announce(world, world.mission, "20/2025", NOW)


@pytest.mark.parametrize("condition", range(2, 12))
def test_a_mission_closes_with_a_reservation_for_a_condition_that_somebody_waived(condition: int) -> None:
    world = closable(without=condition)
    with pytest.raises(refuses.ClosingConditionsUnmet):
        close(gather(world, world.mission), NOW, with_reservations=True)
    waive(world.mission, condition, "55/2025", WHY, ISSUER, NOW)
    with pytest.raises(refuses.ClosesWithoutReservations):
        close(gather(world, world.mission), NOW)
    close(gather(world, world.mission), NOW, with_reservations=True)
    (told,) = [event for event in world.news if isinstance(event, MissionClosed)]
    assert told.reservations == (Reservation(condition=condition, by="issuer-1", reference="55/2025"),)


def test_a_waiver_is_no_reservation_where_the_condition_holds() -> None:
    world = closable()
    waive(world.mission, 8, "55/2025", WHY, ISSUER, NOW)
    close(gather(world, world.mission), NOW)
    (told,) = [event for event in world.news if isinstance(event, MissionClosed)]
    assert told.reservations == ()


@pytest.mark.parametrize("condition", [1, 12])
def test_neither_the_law_nor_the_signatures_are_waived(condition: int) -> None:
    with pytest.raises(refuses.NeverWaived):
        waive(closing().mission, condition, "55/2025", WHY, ISSUER, NOW)


def test_a_condition_is_waived_once_and_by_the_one_who_answers() -> None:
    world = closing()
    stand_in = Actor(subject="deputy-1", role="issuer", on_behalf_of="issuer-1")
    waive(world.mission, 8, "55/2025", WHY, stand_in, NOW)
    assert world.mission.waivers[8].by == "issuer-1"
    with pytest.raises(refuses.AlreadyWaived):
        waive(world.mission, 8, "56/2025", WHY, ISSUER, NOW)
    with pytest.raises(refuses.NoSuchCondition):
        waive(world.mission, 13, "56/2025", WHY, ISSUER, NOW)


def test_without_dates_nothing_closes_even_with_reservations() -> None:
    world = closable()
    world.mission.dates = None
    waive(world.mission, 2, "55/2025", WHY, ISSUER, NOW)
    with pytest.raises(refuses.DatesFirst):
        close(gather(world, world.mission), NOW, with_reservations=True)


@pytest.mark.parametrize(
    ("kind", "target", "refused"),
    [
        (MeasureKind.DOWNGRADE, MissionKind.CONSULATE, False),
        (MeasureKind.UPGRADE, MissionKind.CONSULATE, True),
        (MeasureKind.DOWNGRADE, MissionKind.PERMANENT_MISSION, False),
        (MeasureKind.DOWNGRADE, MissionKind.EMBASSY, True),
    ],
)
def test_a_mission_changes_its_kind_the_way_that_is_said(
    kind: MeasureKind, target: MissionKind, refused: bool
) -> None:
    world = listed()
    if refused:
        with pytest.raises(refuses.NotThatWay):
            executed(world, kind, "emb-fr", mission_kind=target)
        return
    executed(world, kind, "emb-fr", mission_kind=target)
    assert world.get(Mission, "emb-fr").mission_kind is target


def test_a_mission_moves_to_another_city() -> None:
    world = listed()
    executed(world, MeasureKind.RELOCATE, "emb-fr", city=Text(en="Lyon"))
    assert world.get(Mission, "emb-fr").city == Text(en="Lyon")
    again = listed()
    with pytest.raises(refuses.AlreadyInThatCity):
        executed(again, MeasureKind.RELOCATE, "emb-fr", city=Text(en="City"))


def test_posts_are_cut_once_the_people_beyond_them_have_left_and_bind_from_then_on() -> None:
    world = listed()
    with pytest.raises(refuses.MorePostedThanPosts):
        executed(world, MeasureKind.REDUCE_STAFF, "emb-va", posts=1)
    world = listed()
    executed(world, MeasureKind.REDUCE_STAFF, "emb-va", posts=2)
    with pytest.raises(refuses.EstablishmentFull):
        post(world, "p-3", "diplomat", "cabinet")


def test_a_closed_mission_is_in_fact_there_before_its_closing() -> None:
    world = registered()
    assert world.mission.registered is not None
    closed_event = MissionClosed(
        decree="298-2025",
        measure=MEASURE,
        successor=None,
        public_on=PUBLIC_ON,
        official_on=OFFICIAL_ON,
        accreditations=("VA", "SM"),
    )
    stream = "mission.emb-va"
    moments = [NOON, NOON.replace(month=11)]
    folded = fold(
        MissionsView(), (stream, world.mission.registered), (stream, closed_event), moments=moments
    )["emb-va"]
    assert in_fact_at(folded, NOON.replace(month=4)) == {"state": None, "accredited": []}
    then = in_fact_at(folded, NOON.replace(month=10))
    assert then["state"] == "open"
    assert [span["state"] for span in then["accredited"]] == ["VA", "SM"]
    assert in_fact_at(folded, NOON.replace(month=12)) == {"state": "closed", "accredited": []}
