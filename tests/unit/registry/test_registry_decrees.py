from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.registry.decree import Decree, DecreeState, holding
from services.registry.decree import refusals as refuses
from services.registry.decree.holding import lift
from shared.calendar import Roll
from shared.contracts.registry import (
    Article,
    DecreeEnteredIntoForce,
    DecreeExecuted,
    DecreeHeld,
    DecreeIssued,
    DecreeResumed,
    MeasureKind,
    MetCondition,
    Obligation,
)
from shared.domain import Moment, NotFound, Refusal, Text
from shared.domain.moment import EffectiveAhead
from shared.domain.refused_alike import AmbiguousScope, NoSuchPart
from tests.unit.registry.world import DECREE, MEASURE, NOW, STUDIES, WHY, World, draft, hold, listed

HOLDER = "bureau-1"
MET = {"financial": ("letter 9/2025",)}


def obligation(**changes: Any) -> Obligation:
    parts: dict[str, Any] = {
        "key": "report",
        "article": "1",
        "title": Text(en="Report"),
        "rule": "1 month of announced_on",
        "anchored_on": date(2025, 4, 30),
        "roll": Roll.BACK,
        "task": 40,
    }
    return Obligation(**(parts | changes))


def test_a_decree_is_issued_with_the_names_of_its_measures() -> None:
    decree = Decree.blank(DECREE)
    decree.issue(draft(), NOW)
    assert decree.state is DecreeState.ISSUED
    assert decree.measures == {MEASURE: "2", "298-2025-a2-r02": "2"}
    assert decree.procedure_of(MeasureKind.CLOSE) == "closing"


def test_a_decree_names_procedures_for_kinds_of_measures() -> None:
    decree = Decree.blank(DECREE)
    assert decree.procedure_of(MeasureKind.OPEN) is None
    decree.issue(draft(procedures={MeasureKind.OPEN: "opening"}), NOW)
    assert decree.procedure_of(MeasureKind.OPEN) == "opening"
    assert decree.procedure_of(MeasureKind.MERGE) == "closing"


def test_a_decree_is_issued_once() -> None:
    with pytest.raises(refuses.DecreeExists):
        listed().decree.issue(draft(), NOW)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"number": 299}, "not number-year"),
        ({"articles": (Article(article="1", text=Text(en="a")),) * 2}, "article 1 stands 2 times"),
        (
            {"articles": (Article(article="1", text=Text(en="a"), measures=("m", "m")),)},
            "measure m stands 2 times",
        ),
        ({"obligations": (obligation(article="9"),)}, "article 9, which is not there"),
        ({"obligations": (obligation(rule="soon"),)}, "not a deadline rule"),
        ({"obligations": (obligation(), obligation())}, "obligation report stands 2 times"),
    ],
)
def test_a_decree_that_contradicts_itself_is_refused(changes: dict[str, Any], fault: str) -> None:
    decree = Decree.blank(DECREE)
    with pytest.raises(refuses.DecreeIncoherent) as refused:
        decree.issue(draft(**changes), NOW)
    assert any(fault in told.en for told in refused.value.facts["faults"])
    assert not decree.exists


def test_it_enters_into_force_once() -> None:
    decree = Decree.blank(DECREE)
    with pytest.raises(NotFound):
        decree.enter_into_force(date(2025, 4, 30), NOW)
    decree.issue(draft(), NOW)
    decree.enter_into_force(date(2025, 4, 30), NOW)
    assert decree.state is DecreeState.IN_FORCE
    with pytest.raises(refuses.AlreadyInForce):
        decree.enter_into_force(date(2025, 5, 1), NOW)


def test_what_happened_to_a_decree_builds_it_again() -> None:
    world = World()
    world.decree.issue(draft(), NOW)
    world.decree.enter_into_force(date(2025, 4, 30), NOW)
    hold(world)
    again = Decree.blank(DECREE)
    for change in world.decree.pending_events:
        change.mutate(again)
    assert [type(event) for event in world.news] == [DecreeIssued, DecreeEnteredIntoForce, DecreeHeld]
    assert (again.state, again.holds, again.issued) == (DecreeState.HELD, world.decree.holds, draft())


def test_a_hold_on_the_decree_covers_every_measure() -> None:
    world = listed()
    hold(world)
    assert world.decree.state is DecreeState.HELD
    with pytest.raises(refuses.DecreeOnHold) as refused:
        world.decree.check_executable("2", MEASURE, NOW)
    assert refused.value.facts["holds"] == "h-1"


@pytest.mark.parametrize(
    ("scope", "covered"),
    [
        ({"article": "2"}, True),
        ({"article": "1"}, False),
        ({"measure": MEASURE}, True),
        ({"measure": "298-2025-a2-r02"}, False),
    ],
)
def test_a_hold_may_cover_an_article_or_a_measure(scope: dict[str, str], covered: bool) -> None:
    world = listed()
    hold(world, **scope)
    assert world.decree.state is DecreeState.IN_FORCE
    assert (world.decree.holds_covering("2", MEASURE) == ("h-1",)) is covered


@pytest.mark.parametrize("scope", [{"article": "9"}, {"measure": "298-2025-a2-r99"}])
def test_a_hold_on_a_part_that_is_not_there_is_refused(scope: dict[str, str]) -> None:
    with pytest.raises(NoSuchPart):
        hold(listed(), **scope)


def test_a_hold_covers_one_thing() -> None:
    with pytest.raises(AmbiguousScope):
        hold(listed(), article="2", measure=MEASURE)


def test_only_a_decree_in_force_is_held() -> None:
    world = World()
    world.decree.issue(draft(), NOW)
    with pytest.raises(refuses.DecreeNotInForce):
        hold(world)


def test_the_key_of_a_hold_is_used_once_even_after_it_was_lifted() -> None:
    world = listed()
    hold(world)
    with pytest.raises(refuses.HoldExists):
        hold(world)
    lift(world.decree, "h-1", HOLDER, MET, WHY, NOW)
    with pytest.raises(refuses.HoldExists):
        hold(world)


def test_lifting_the_last_hold_resumes_execution() -> None:
    world = listed()
    hold(world)
    holding.hold(world.decree, "h-2", "cabinet", "cabinet", WHY, (), NOW)
    lift(world.decree, "h-1", HOLDER, MET, WHY, NOW)
    assert world.decree.state is DecreeState.HELD
    lift(world.decree, "h-2", "cabinet", {}, WHY, NOW)
    assert world.decree.state is DecreeState.IN_FORCE
    resumed = [event for event in world.news if isinstance(event, DecreeResumed)]
    assert resumed[0].met == (MetCondition(key="financial", evidence=("letter 9/2025",)),)


@pytest.mark.parametrize("met", [{}, {"financial": ()}])
def test_a_hold_is_lifted_only_with_evidence_for_each_condition(met: dict[str, tuple[str, ...]]) -> None:
    world = listed()
    hold(world)
    with pytest.raises(refuses.HoldConditionsOpen) as refused:
        lift(world.decree, "h-1", HOLDER, met, WHY, NOW)
    assert refused.value.facts["missing"] == STUDIES[0].key
    assert world.decree.state is DecreeState.HELD


def test_evidence_for_a_condition_that_the_hold_does_not_have_is_refused() -> None:
    world = listed()
    hold(world)
    with pytest.raises(refuses.HoldConditionUnknown):
        lift(world.decree, "h-1", HOLDER, MET | {"legal": ("x",)}, WHY, NOW)


def test_only_the_holder_lifts_a_hold_or_whoever_may_lift_any() -> None:
    world = listed()
    hold(world)
    assert world.decree.holds["h-1"].holder == HOLDER
    with pytest.raises(refuses.HeldByOther) as refused:
        lift(world.decree, "h-1", "bureau-2", MET, WHY, NOW)
    assert refused.value.facts["holder"] == HOLDER
    lift(world.decree, "h-1", None, MET, WHY, NOW)
    assert not world.decree.holds


@pytest.mark.parametrize("blank", [Text(en="  "), Text(en="Why", ar="\n"), Text(ar="\u00a0")])
def test_a_hold_is_placed_and_lifted_for_a_reason(blank: Text) -> None:
    world = listed()
    with pytest.raises(refuses.ReasonBlank):
        holding.hold(world.decree, "h-1", "cabinet", HOLDER, blank, (), NOW)
    hold(world)
    with pytest.raises(refuses.ReasonBlank):
        lift(world.decree, "h-1", HOLDER, MET, blank, NOW)
    assert list(world.decree.holds) == ["h-1"]


def test_only_an_open_hold_is_lifted() -> None:
    with pytest.raises(refuses.HoldNotOpen):
        lift(listed().decree, "h-1", HOLDER, MET, WHY, NOW)


def test_a_decree_is_executed_when_every_measure_is() -> None:
    world = listed()
    with pytest.raises(refuses.MeasuresOutstanding) as refused:
        world.decree.execute({MEASURE: True}, NOW)
    assert refused.value.facts["measures"] == "298-2025-a2-r02"
    world.decree.execute(dict.fromkeys(world.decree.measures, True), NOW)
    assert world.decree.state is DecreeState.EXECUTED
    assert isinstance(world.news[-1], DecreeExecuted)
    with pytest.raises(refuses.DecreeNotInForce):
        hold(world)


def test_a_decree_on_hold_is_not_executed_even_where_the_hold_covers_a_part() -> None:
    world = listed()
    hold(world, article="1")
    with pytest.raises(refuses.DecreeOnHold):
        world.decree.execute(dict.fromkeys(world.decree.measures, True), NOW)


def said_at(effective_at: datetime) -> Moment:
    return Moment(NOW.recorded_at, effective_at)


ANNOUNCED = datetime(2025, 4, 30, tzinfo=UTC)
"""The beginning of the day on which the decree was announced, in London; in Kiribati it began earlier."""


@pytest.mark.parametrize(
    ("effective_at", "refusal"),
    [
        (ANNOUNCED - timedelta(hours=14, microseconds=1), refuses.HoldBeforeDecree),
        (ANNOUNCED - timedelta(hours=14), None),
        (ANNOUNCED - timedelta(hours=2), None),  # midnight in Tripoli
        (NOW.recorded_at, None),
        (NOW.recorded_at + timedelta(microseconds=1), EffectiveAhead),
    ],
)
def test_a_hold_is_effective_from_the_announcement_of_the_decree_to_its_recording(
    effective_at: datetime, refusal: type[Refusal] | None
) -> None:
    world = listed()
    if refusal is not None:
        with pytest.raises(refusal) as refused:
            holding.hold(world.decree, "h-1", "audit-bureau", HOLDER, WHY, STUDIES, said_at(effective_at))
        assert refused.value.told().ar and refused.value.told().en
        return
    holding.hold(world.decree, "h-1", "audit-bureau", HOLDER, WHY, STUDIES, said_at(effective_at))
    assert world.decree.holds["h-1"].since == effective_at


@pytest.mark.parametrize(
    ("after_the_hold", "refusal"),
    [
        (timedelta(microseconds=-1), refuses.LiftBeforeHold),
        (timedelta(), None),
        (timedelta(days=2), None),
        (timedelta(days=2, microseconds=1), EffectiveAhead),
    ],
)
def test_a_lift_is_effective_from_its_hold_to_its_recording(
    after_the_hold: timedelta, refusal: type[Refusal] | None
) -> None:
    world, held = listed(), NOW.recorded_at - timedelta(days=2)
    holding.hold(world.decree, "h-1", "audit-bureau", HOLDER, WHY, STUDIES, said_at(held))
    if refusal is not None:
        with pytest.raises(refusal) as refused:
            lift(world.decree, "h-1", HOLDER, MET, WHY, said_at(held + after_the_hold))
        assert refused.value.told().ar and refused.value.told().en
        assert "h-1" in world.decree.holds
        return
    lift(world.decree, "h-1", HOLDER, MET, WHY, said_at(held + after_the_hold))
    assert world.decree.holds == {}
