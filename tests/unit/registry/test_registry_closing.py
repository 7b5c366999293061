from collections.abc import Callable
from datetime import date, timedelta

import pytest

from services.registry.closing import close, examine, gather
from services.registry.decree.refusals import DecreeOnHold
from services.registry.measure import MeasureState
from services.registry.mission import Mission, MissionState
from services.registry.mission import refusals as refuses
from services.registry.mission.conditions import CONDITIONS
from services.registry.mission.dates import set_dates
from services.registry.mission.evidencing import take_evidence
from shared.contracts.registry import (
    MeasureExecuted,
    MissionAbsorbed,
    MissionAccredited,
    MissionClosed,
    MissionClosing,
)
from shared.domain import NotFound
from shared.domain.refused_alike import DatesAcknowledged
from tests.unit.registry.world import (
    DECREE,
    MEASURE,
    NOW,
    OFFICIAL_ON,
    PUBLIC_ON,
    SIGNATORIES,
    World,
    closable,
    closing,
    evidence,
    hold,
    listed,
    recall,
    sign,
)


def try_to_close(world: World) -> None:
    close(gather(world, world.mission), NOW)


def dates(world: World, public_on: date, official_on: date) -> None:
    set_dates(world, world.mission, public_on, official_on, NOW)


def unmet(world: World) -> list[int]:
    with pytest.raises(refuses.ClosingConditionsUnmet) as refused:
        try_to_close(world)
    assert not world.news, "a refusal changes nothing"
    return [item["condition"] for item in refused.value.facts["unmet"]]


def test_a_mission_closes_when_all_conditions_hold_and_executes_its_measure() -> None:
    world = closable()
    try_to_close(world)
    closed = MissionClosed(
        decree=DECREE,
        measure=MEASURE,
        successor="emb-it",
        public_on=PUBLIC_ON,
        official_on=OFFICIAL_ON,
        accreditations=("VA", "SM"),
    )
    executed = MeasureExecuted(decree=DECREE, article="2", mission="emb-va")
    absorbed = MissionAbsorbed(decree=DECREE, measure=MEASURE, from_mission="emb-va")
    succeeding = [
        MissionAccredited(mission="emb-it", state=state, reference=MEASURE, from_mission="emb-va")
        for state in ("VA", "SM")
    ]
    assert sorted(world.news, key=str) == sorted([closed, executed, absorbed, *succeeding], key=str)
    assert world.get(Mission, "emb-it").states == ("IT", "VA", "SM")
    assert not world.get(Mission, "emb-it").receives
    assert world.mission.state is MissionState.CLOSED
    assert world.measure.state is MeasureState.EXECUTED


@pytest.mark.parametrize("condition", range(2, 13))
def test_each_condition_whose_evidence_is_missing_alone_stops_the_closing(condition: int) -> None:
    assert unmet(closable(without=condition)) == [condition]


def test_the_first_condition_is_judged_from_facts_alone() -> None:
    world = closable(without=1)
    try_to_close(world)
    assert world.mission.state is MissionState.CLOSED


@pytest.mark.parametrize("scope", [{}, {"article": "2"}, {"measure": MEASURE}])
def test_a_hold_that_covers_the_row_stops_the_closing(scope: dict[str, str]) -> None:
    world = closable()
    hold(world, **scope)
    world.forget_news()
    assert unmet(world) == [1]


def test_a_hold_on_another_article_does_not() -> None:
    world = closable()
    hold(world, article="1")
    world.forget_news()
    try_to_close(world)
    assert world.measure.state is MeasureState.EXECUTED


def test_one_person_still_posted_stops_the_closing_and_is_named() -> None:
    world = closing()
    dates(world, PUBLIC_ON, OFFICIAL_ON)
    for condition in range(1, 13):
        evidence(world, condition)
    recall(world, "p-1")
    sign(world, *SIGNATORIES)
    world.forget_news()
    assert unmet(world) == [5]
    (finding,) = [f for f in examine(gather(world, world.mission)) if not f.holds]
    assert "p-2 (diplomat)" in (finding.missing[0].en or "")


def test_dates_that_are_not_set_stop_the_closing() -> None:
    world = closing()
    for condition in range(1, 13):
        evidence(world, condition)
    for staff in ("p-1", "p-2"):
        recall(world, staff)
    sign(world, *SIGNATORIES)
    world.forget_news()
    assert unmet(world) == [2]


def test_a_receiver_that_began_to_close_itself_stops_the_closing() -> None:
    world = closable()
    # No command lets it: a log of before the rule may tell it.
    begun = MissionClosing(decree=DECREE, measure="298-2025-a2-r02", receiver="emb-fr")
    world.get(Mission, "emb-it").record(begun, NOW)
    world.forget_news()
    assert unmet(world) == [3]


def test_a_refusal_lists_every_unmet_condition_in_both_languages() -> None:
    with pytest.raises(refuses.ClosingConditionsUnmet) as refused:
        try_to_close(closing())
    listed_items = refused.value.facts["unmet"]
    assert [item["condition"] for item in listed_items] == list(range(2, 13))
    told = refused.value.told()
    for number, words in CONDITIONS.items():
        if number > 1:
            assert f"({number}) {words.en}" in (told.en or "")
            assert f"({number}) {words.ar}" in (told.ar or "")


def test_there_are_twelve_conditions_in_both_languages() -> None:
    assert list(CONDITIONS) == list(range(1, 13))
    assert all(words.en and words.ar for words in CONDITIONS.values())


def test_a_mission_closes_once() -> None:
    world = closable()
    try_to_close(world)
    hold(world)
    with pytest.raises(refuses.MissionNotClosing):
        try_to_close(world)


def test_a_mission_whose_closing_is_not_announced_does_not_close() -> None:
    with pytest.raises(refuses.MissionNotClosing):
        try_to_close(listed())
    with pytest.raises(NotFound):
        try_to_close(World())


def test_dates_are_set_while_the_mission_is_closing() -> None:
    with pytest.raises(refuses.MissionNotClosing):
        dates(listed(), PUBLIC_ON, OFFICIAL_ON)


def test_a_mission_does_not_close_to_the_public_after_its_official_closing() -> None:
    world = closing()
    with pytest.raises(refuses.DatesOutOfOrder):
        dates(world, OFFICIAL_ON + timedelta(days=1), OFFICIAL_ON)
    dates(world, OFFICIAL_ON, OFFICIAL_ON)
    assert world.mission.dates is not None and world.mission.dates.public_on == OFFICIAL_ON


def test_dates_may_be_set_again_until_the_host_has_acknowledged_them() -> None:
    world = closing()
    dates(world, PUBLIC_ON, OFFICIAL_ON)
    dates(world, PUBLIC_ON, OFFICIAL_ON)
    assert len(world.news) == 1, "the same dates are no news"
    later = date(2025, 12, 31)
    dates(world, PUBLIC_ON, later)
    evidence(world, 2, PUBLIC_ON, later)
    with pytest.raises(DatesAcknowledged):
        dates(world, PUBLIC_ON, OFFICIAL_ON)
    dates(world, PUBLIC_ON, later)
    assert world.mission.dates is not None and world.mission.dates.official_on == later


@pytest.mark.parametrize(
    ("accepted_for", "told"),
    [
        ((None, None), "for no dates; the dates are 2025-05-04 and 2025-05-05."),
        ((PUBLIC_ON, date(2025, 12, 31)), "for 2025-05-04 and 2025-12-31; the dates are"),
        ((date(2025, 10, 1), OFFICIAL_ON), "for 2025-10-01 and 2025-05-05; the dates are"),
    ],
)
def test_a_note_for_other_dates_neither_satisfies_the_condition_nor_freezes_the_dates(
    accepted_for: tuple[date | None, date | None], told: str
) -> None:
    world = closable(without=2)
    evidence(world, 2, *accepted_for)
    world.forget_news()
    assert unmet(world) == [2]
    (finding,) = [f for f in examine(gather(world, world.mission)) if not f.holds]
    assert told in (finding.missing[0].en or "") and finding.missing[0].ar
    dates(world, PUBLIC_ON, OFFICIAL_ON + timedelta(days=1))
    assert len(world.news) == 1


def test_a_note_that_came_before_the_dates_were_moved_to_it_counts() -> None:
    world = closable(without=2)
    # It is noon by UTC on the day before: somewhere the official date has begun.
    evidence(world, 2, PUBLIC_ON, OFFICIAL_ON + timedelta(days=1))
    dates(world, PUBLIC_ON, OFFICIAL_ON + timedelta(days=1))
    try_to_close(world)
    assert world.mission.state is MissionState.CLOSED


def test_no_mission_closes_before_its_decree_was_announced() -> None:
    world = closing()
    with pytest.raises(refuses.DatesBeforeDecree):
        dates(world, date(2025, 4, 29), OFFICIAL_ON)
    dates(world, date(2025, 4, 30), OFFICIAL_ON)
    assert len(world.news) == 1


@pytest.mark.parametrize("scope", [{}, {"article": "2"}, {"measure": MEASURE}])
def test_dates_are_not_set_while_a_hold_covers_the_measure(scope: dict[str, str]) -> None:
    world = closing()
    hold(world, **scope)
    world.forget_news()
    with pytest.raises(DecreeOnHold):
        dates(world, PUBLIC_ON, OFFICIAL_ON)
    assert not world.news


@pytest.mark.parametrize("condition", [0, 13, -1])
def test_evidence_for_a_condition_that_is_not_there_is_refused(condition: int) -> None:
    with pytest.raises(refuses.NoSuchCondition):
        evidence(closing(), condition)


def test_evidence_of_another_measure_is_refused() -> None:
    with pytest.raises(refuses.OtherMeasure):
        take_evidence(closing().mission, "298-2025-a2-r02", 4, (), (), NOW)


@pytest.mark.parametrize(("given", "refusal"), [(listed, refuses.MissionNotClosing), (World, NotFound)])
def test_evidence_for_a_mission_that_is_not_closing_is_refused(
    given: Callable[[], World], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        evidence(given(), 4)


def test_evidence_that_comes_after_the_closing_changes_nothing() -> None:
    world = closable()
    try_to_close(world)
    world.forget_news()
    evidence(world, 4)
    assert not world.news
