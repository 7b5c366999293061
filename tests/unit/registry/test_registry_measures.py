from datetime import date
from typing import Any

import pytest

from services.registry.closing import close, gather
from services.registry.decree.refusals import DecreeNotInForce, DecreeOnHold
from services.registry.measure import Measure, MeasureState
from services.registry.measure import refusals as refuses
from services.registry.measure.amended import drop
from services.registry.measure.identifying import identify
from services.registry.measure.ordering import order
from services.registry.mission import MissionState
from services.registry.mission.refusals import MissionNotOpen, StillReceiving
from shared.contracts.registry import (
    BlockReason,
    Confidence,
    Feasibility,
    MeasureBlocked,
    MeasureExecuted,
    MeasureIdentified,
    MeasureKind,
    MeasureOrdered,
    MissionClosing,
    MissionKind,
    MissionReceiving,
    Target,
)
from shared.domain import NotFound, Text
from tests.unit.registry.world import (
    DECREE,
    MEASURE,
    NOW,
    World,
    closable,
    closing,
    draft,
    hold,
    listed,
    registered,
    row,
)


def test_an_order_announces_the_closing_in_the_same_command() -> None:
    world = listed()
    assert order(world, world.measure, NOW)
    ordered = MeasureOrdered(
        decree=DECREE,
        article="2",
        row=1,
        measure_kind=MeasureKind.MERGE,
        mission="emb-va",
        receiver="emb-it",
        procedure="closing",
        host="VA",
    )
    announced = MissionClosing(decree=DECREE, measure=MEASURE, receiver="emb-it")
    received = MissionReceiving(decree=DECREE, measure=MEASURE, from_mission="emb-va")
    assert sorted(world.news, key=str) == sorted([ordered, announced, received], key=str)
    assert world.mission.state is MissionState.CLOSING


def test_a_doubtful_measure_is_ordered_all_the_same() -> None:
    world = listed()
    assert world.measure.listed.feasibility.value == "doubtful"
    assert order(world, world.measure, NOW)


@pytest.mark.parametrize(
    ("unknown", "reason"),
    [
        ({"receiver": None}, BlockReason.RECEIVER_UNKNOWN),
        ({"mission": None}, BlockReason.MISSION_UNKNOWN),
        ({"mission": None, "receiver": None}, BlockReason.MISSION_UNKNOWN),
    ],
)
def test_what_is_unknown_blocks_with_its_reason(unknown: dict[str, Any], reason: BlockReason) -> None:
    world = listed(row(**unknown))
    assert not order(world, world.measure, NOW)
    (blocked,) = world.news
    assert isinstance(blocked, MeasureBlocked)
    assert blocked.reason is reason
    assert blocked.explanation.ar and blocked.explanation.en
    assert world.measure.state is MeasureState.BLOCKED
    assert world.mission.state is MissionState.OPEN


def test_a_blocked_measure_says_why_when_it_is_ordered_again() -> None:
    world = listed(row(receiver=None))
    order(world, world.measure, NOW)
    with pytest.raises(refuses.MeasureIsBlocked) as refused:
        order(world, world.measure, NOW)
    assert refused.value.facts["reason"] == "receiver-unknown"


def test_a_measure_identified_with_its_source_can_be_ordered() -> None:
    world = listed(row(receiver=None))
    order(world, world.measure, NOW)
    world.measure.identify(None, "emb-it", Confidence.LIKELY, "letter 3/2026", NOW)
    assert order(world, world.measure, NOW)
    assert any(
        isinstance(event, MeasureIdentified) and (event.mission, event.receiver) == ("emb-va", "emb-it")
        for event in world.news
    )


def test_a_hold_stops_the_order() -> None:
    world = listed()
    hold(world, measure=MEASURE)
    with pytest.raises(DecreeOnHold):
        order(world, world.measure, NOW)


def test_a_decree_that_is_not_in_force_orders_nothing() -> None:
    world = registered()
    world.decree.issue(draft(), NOW)
    world.measure.list_in(world.decree, row(), NOW)
    with pytest.raises(DecreeNotInForce):
        order(world, world.measure, NOW)


def test_a_measure_is_ordered_once() -> None:
    world = closing()
    with pytest.raises(refuses.MeasureSettled):
        order(world, world.measure, NOW)


@pytest.mark.parametrize("unregistered", [{"mission": "emb-xx"}, {"receiver": "emb-xx"}])
def test_a_mission_that_is_not_registered_stops_the_order(unregistered: dict[str, str]) -> None:
    world = listed(row(**unregistered))
    with pytest.raises(NotFound):
        order(world, world.measure, NOW)


def second_row(world: World, **changes: Any) -> Measure:
    measure = world.get(Measure, "298-2025-a2-r02")
    measure.list_in(world.decree, row(row=2, **changes), NOW)
    return measure


def test_a_mission_that_is_closing_receives_nobody() -> None:
    world = closing()
    with pytest.raises(MissionNotOpen):
        order(world, second_row(world, mission="emb-fr", receiver="emb-va"), NOW)


@pytest.mark.parametrize("kind", [MeasureKind.MERGE, MeasureKind.CLOSE])
def test_a_mission_into_which_another_is_merging_does_not_begin_to_close(kind: MeasureKind) -> None:
    world = closing()
    receiver = "emb-fr" if kind is MeasureKind.MERGE else None
    second = second_row(world, mission="emb-it", measure_kind=kind, receiver=receiver)
    with pytest.raises(StillReceiving) as refused:
        order(world, second, NOW)
    assert refused.value.facts == {"mission": "emb-it", "merging": "emb-va"}


def test_it_may_begin_to_close_once_the_merger_is_done() -> None:
    world = closable()
    close(gather(world, world.mission), NOW)
    second = second_row(world, mission="emb-it", receiver="emb-fr")
    assert order(world, second, NOW)


def test_a_mission_closes_by_one_measure() -> None:
    world = closing()
    with pytest.raises(MissionNotOpen):
        order(world, second_row(world), NOW)


def test_a_measure_is_listed_once() -> None:
    world = listed()
    with pytest.raises(refuses.MeasureExists):
        world.measure.list_in(world.decree, row(), NOW)


@pytest.mark.parametrize("changes", [{"article": "1"}, {"decree": "192-2025"}])
def test_a_row_that_the_decree_does_not_name_is_refused(changes: dict[str, str]) -> None:
    world = registered()
    world.decree.issue(draft(), NOW)
    with pytest.raises(refuses.MeasureNotInDecree):
        world.measure.list_in(world.decree, row(**changes), NOW)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"receiver": "emb-va"}, refuses.ReceiverIsMission),
        ({"measure_kind": MeasureKind.CLOSE}, refuses.ReceiverNotWanted),
    ],
)
def test_a_receiver_that_makes_no_sense_is_refused(changes: dict[str, Any], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        listed(row(**changes))


def test_identification_never_changes_what_the_row_says() -> None:
    world = listed()
    with pytest.raises(refuses.KnownOtherwise):
        world.measure.identify("emb-fr", None, Confidence.LIKELY, "letter", NOW)
    with pytest.raises(refuses.NothingIdentified):
        world.measure.identify("emb-va", None, Confidence.LIKELY, "letter", NOW)
    with pytest.raises(refuses.MeasureSettled):
        closing().measure.identify(None, "emb-it", Confidence.LIKELY, "letter", NOW)


def test_identifying_the_mission_as_its_own_receiver_is_refused() -> None:
    with pytest.raises(refuses.ReceiverIsMission):
        listed(row(receiver=None)).measure.identify(None, "emb-va", Confidence.LIKELY, "letter", NOW)


def name(world: World, mission: str | None, receiver: str | None) -> None:
    identify(world, world.measure, mission, receiver, Confidence.LIKELY, "3/2026", NOW)


def test_an_identification_may_be_corrected_until_the_measure_is_ordered() -> None:
    world = listed(row(mission=None, receiver=None))
    name(world, "emb-va", "emb-it")
    name(world, "emb-fr", None)
    name(world, None, "emb-va")
    told = [(e.mission, e.receiver, e.former_mission) for e in world.news if isinstance(e, MeasureIdentified)]
    assert told == [
        ("emb-va", "emb-it", None),
        ("emb-fr", "emb-it", "emb-va"),
        ("emb-fr", "emb-va", None),
    ]
    assert order(world, world.measure, NOW)
    with pytest.raises(refuses.MeasureSettled):
        name(world, None, "emb-it")


def test_missions_that_are_closing_or_closed_are_not_named() -> None:
    world = closing()
    second = second_row(world, mission="emb-fr", receiver=None)
    with pytest.raises(MissionNotOpen):
        identify(world, second, None, "emb-va", Confidence.LIKELY, "3/2026", NOW)
    world = closable()
    close(gather(world, world.mission), NOW)
    second = second_row(world, mission=None, receiver=None)
    for mission, receiver in ((None, "emb-va"), ("emb-va", None)):
        with pytest.raises(MissionNotOpen):
            identify(world, second, mission, receiver, Confidence.LIKELY, "3/2026", NOW)
    assert second.state is MeasureState.LISTED and second.receiver is None


def test_a_mission_into_which_another_is_merging_is_not_named_as_one_to_close() -> None:
    world = closing()
    second = second_row(world, mission=None, receiver=None)
    with pytest.raises(StillReceiving):
        identify(world, second, "emb-it", None, Confidence.LIKELY, "3/2026", NOW)
    identify(world, second, "emb-fr", "emb-it", Confidence.LIKELY, "3/2026", NOW)


def test_a_measure_that_closes_a_mission_is_executed_by_the_closing_alone() -> None:
    with pytest.raises(refuses.ExecutedByClosing):
        closing().measure.execute(("letter",), NOW)


def test_another_measure_is_executed_with_evidence_once_it_is_ordered() -> None:
    world = listed(row(measure_kind=MeasureKind.REDUCE_STAFF, receiver=None, target=Target(posts=8)))
    with pytest.raises(refuses.MeasureNotOrdered):
        world.measure.execute(("letter 4/2025",), NOW)
    assert order(world, world.measure, NOW)
    assert world.mission.state is MissionState.OPEN
    world.measure.execute(("letter 4/2025",), NOW)
    assert world.news[-1] == MeasureExecuted(
        decree=DECREE, article="2", mission="emb-va", evidence=("letter 4/2025",)
    )
    assert world.measure.state is MeasureState.EXECUTED


def test_nothing_can_be_done_to_a_measure_that_is_not_there() -> None:
    with pytest.raises(NotFound):
        order(World(), World().measure, NOW)


@pytest.mark.parametrize(
    ("kind", "target", "ordered"),
    [
        (MeasureKind.DOWNGRADE, None, False),
        (MeasureKind.DOWNGRADE, Target(posts=3), False),
        (MeasureKind.DOWNGRADE, Target(mission_kind=MissionKind.CONSULATE), True),
        (MeasureKind.UPGRADE, Target(mission_kind=MissionKind.EMBASSY), True),
        (MeasureKind.RELOCATE, Target(city=Text(en="Milan")), True),
        (MeasureKind.REDUCE_STAFF, Target(posts=0), True),
        (MeasureKind.OPEN, None, True),
    ],
)
def test_a_measure_that_changes_a_mission_is_ordered_once_it_is_known_into_what(
    kind: MeasureKind, target: Target | None, ordered: bool
) -> None:
    world = listed(row(measure_kind=kind, receiver=None, target=target))
    assert order(world, world.measure, NOW) is ordered
    if not ordered:
        assert world.measure.blocked_by is BlockReason.TARGET_UNKNOWN


def test_the_target_of_a_row_is_identified_and_then_it_is_ordered() -> None:
    world = listed(row(measure_kind=MeasureKind.RELOCATE, receiver=None))
    assert not order(world, world.measure, NOW)
    city = Target(city=Text(en="Milan"))
    identify(world, world.measure, None, None, Confidence.LIKELY, "5/2025", NOW, city)
    assert order(world, world.measure, NOW)
    ordered = world.news[-1]
    assert isinstance(ordered, MeasureOrdered) and ordered.target == city


def test_feasibility_is_assessed_while_the_measure_is_not_over() -> None:
    world = listed()
    world.measure.assess(Feasibility.FEASIBLE, Text(en="Agreed"), NOW)
    assert world.measure.feasibility is Feasibility.FEASIBLE
    drop(world.measure, "401-2025", date(2025, 5, 4), NOW)
    with pytest.raises(refuses.MeasureOver):
        world.measure.assess(Feasibility.DOUBTFUL, Text(en="Late"), NOW)
