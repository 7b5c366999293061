"""Amendments: articles and rows change, closings under way move, and what is done is listed."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from services.registry.amending import Amendment, ChangedRow, NewArticle, NewRow, amend, repeal, supersede
from services.registry.amending import refusals as refuses
from services.registry.closing import close, gather
from services.registry.decree import Decree, DecreeState
from services.registry.decree.refusals import DecreeNotInForce
from services.registry.measure import Measure, MeasureState
from services.registry.measure.ordering import order
from services.registry.mission import Mission, MissionState
from services.registry.mission.dates import set_dates
from services.registry.mission.evidencing import waive
from services.registry.mission.redirecting import call_off
from services.registry.mission.refusals import MissionNotOpen
from services.registry.views.missions import MissionsView
from shared.contracts.registry import (
    DecreeAmended,
    DecreeRepealed,
    DecreeSuperseded,
    HandoverReopened,
    HandoverSigned,
    MeasureKind,
    MeasureRetargeted,
    MissionClosing,
    MissionConditionWaived,
    MissionRetargeted,
    Signatory,
    Target,
)
from shared.domain import Actor, Moment, NotFound, Text
from shared.domain.moment import BeforeWhatItFollows
from tests.unit.registry.folding import fold
from tests.unit.registry.world import (
    DECREE,
    MEASURE,
    NOON,
    NOW,
    OFFICIAL_ON,
    PUBLIC_ON,
    World,
    closable,
    closing,
    description,
    draft,
    evidence,
    hold,
    listed,
    recall,
    row,
)

LATER, SECOND = "401-2025", "298-2025-a2-r02"
ON = date(2025, 5, 4)
BEFORE = Moment(NOON, NOON - timedelta(days=2))
NEW = Text(en="As amended", ar="كما عُدّلت")
TO_FRANCE = ChangedRow(MEASURE, receiver="emb-fr")


def with_later(world: World, **changes: Any) -> World:
    """A later decree is in force."""
    parts = {"number": 401, "articles": (), "announced_on": date(2025, 5, 2), "procedure": None}
    later = world.get(Decree, LATER)
    later.issue(draft(**(parts | changes)), NOW)
    later.enter_into_force(date(2025, 5, 3), NOW)
    return world.forget_news()


def amendment(**changes: Any) -> Amendment:
    return Amendment(by=LATER, on=ON, **changes)


def amended(world: World, **changes: Any) -> World:
    amend(with_later(world), world.decree, amendment(**changes), NOW)
    return world


def test_an_article_is_changed_added_and_dropped_and_the_earlier_text_stays_readable() -> None:
    world = amended(listed(), changed=(NewArticle("2", NEW),), added=(NewArticle("4", NEW),), dropped=("1",))
    assert [article.article for article in world.decree.articles] == ["2", "4"]
    assert world.decree.articles[0].text == NEW
    assert world.decree.articles[0].measures == (MEASURE, SECOND), "the rows of a changed article stay"
    assert [article.article for article in world.decree.articles_on(ON - timedelta(days=1))] == ["1", "2"]
    assert world.decree.articles_on(ON) == world.decree.articles


def test_amendments_count_by_the_day_from_which_they_change_the_law() -> None:
    world = amended(listed(), changed=(NewArticle("2", NEW),))
    earlier = replace(amendment(changed=(NewArticle("1", NEW),)), on=date(2025, 5, 3))
    amend(world, world.decree, earlier, NOW)
    between = {article.article: article.text for article in world.decree.articles_on(date(2025, 5, 3))}
    assert between["1"] == NEW and between["2"] != NEW


def test_a_blocked_row_gets_its_receiver_and_can_be_ordered() -> None:
    world = listed(row(receiver=None))
    assert not order(world, world.measure, NOW)
    amended(world, rows_changed=(ChangedRow(MEASURE, receiver="emb-it", note=NEW),))
    assert world.measure.state is MeasureState.LISTED
    assert order(world, world.measure, NOW)
    assert world.mission.state is MissionState.CLOSING


def test_a_row_is_added_to_an_article_that_is_there_and_to_a_new_one() -> None:
    added = (
        NewRow("2", 3, MeasureKind.CLOSE, "emb-fr"),
        NewRow("4", 1, MeasureKind.RELOCATE, "emb-it", target=Target(city=Text(en="Milan"))),
    )
    world = amended(listed(), added=(NewArticle("4", NEW),), rows_added=added)
    assert world.decree.measures["298-2025-a2-r03"] == "2"
    assert world.decree.measures["298-2025-a4-r01"] == "4"
    for id in ("298-2025-a2-r03", "298-2025-a4-r01"):
        measure = world.get(Measure, id)
        assert measure.listed.amended_by == LATER
        assert order(world, measure, NOW)


def test_an_order_for_another_receiver_moves_the_closing_and_voids_what_spoke_of_the_former() -> None:
    world = closing()
    set_dates(world, world.mission, PUBLIC_ON, OFFICIAL_ON, NOW)
    for condition in (2, 3, 4, 6, 12):
        evidence(world, condition)
    amended(world, rows_changed=(TO_FRANCE,))
    assert (world.measure.state, world.measure.receiver) == (MeasureState.ORDERED, "emb-fr")
    assert sorted(world.mission.evidence) == [2, 6]
    assert world.mission.closing is not None and world.mission.closing.receiver == "emb-fr"
    assert not world.get(Mission, "emb-it").receives
    assert world.get(Mission, "emb-fr").receives == {MEASURE: "emb-va"}
    retargeted = next(event for event in world.news if isinstance(event, MeasureRetargeted))
    assert (retargeted.former_receiver, retargeted.void) == ("emb-it", (3, 4, 12))


def test_waivers_of_conditions_that_speak_of_the_receiver_go_with_it() -> None:
    world = closing()
    for condition in (3, 4, 7):
        waive(world.mission, condition, "55/2025", NEW, Actor(subject="i-1", role="issuer"), NOW)
    amended(world, rows_changed=(TO_FRANCE,))
    assert sorted(world.mission.waivers) == [7]
    told = next(event for event in world.news if isinstance(event, MissionRetargeted))
    assert (told.void, told.waivers_void) == ((), (3, 4))
    waive(world.mission, 3, "56/2025", NEW, Actor(subject="i-1", role="issuer"), NOW)


def test_nothing_is_waived_as_of_before_the_receiver_of_which_it_speaks() -> None:
    world = closing()
    amended(world, rows_changed=(TO_FRANCE,))
    redirected_at = world.mission.redirected_at
    assert redirected_at is not None
    world.mission.closing_at = redirected_at - timedelta(hours=2)
    before = Moment(NOON, redirected_at - timedelta(hours=1))
    issuer = Actor(subject="i-1", role="issuer")
    for condition in (3, 4):
        with pytest.raises(BeforeWhatItFollows):
            waive(world.mission, condition, "55/2025", NEW, issuer, before)
    waive(world.mission, 7, "55/2025", NEW, issuer, before)


def test_what_another_receiver_left_of_waivers_is_told_by_the_view_and_older_events_leave_all() -> None:
    closes = MissionClosing(decree=DECREE, measure=MEASURE, receiver="emb-it")
    waived = [
        MissionConditionWaived(
            decree=DECREE, measure=MEASURE, condition=condition, by="i-1", reference="1", reason=NEW
        )
        for condition in (3, 7)
    ]
    parts = '"decree": "298-2025", "measure": "298-2025-a2-r01", "receiver": "emb-fr"'
    old = MissionRetargeted.model_validate_json(f'{{{parts}, "former_receiver": "emb-it", "void": []}}')
    for moved, left in ((old, [3, 7]), (old.model_copy(update={"waivers_void": (3,)}), [7])):
        events = (description("VA"), closes, *waived, moved)
        row = fold(MissionsView(), *(("mission.emb-va", event) for event in events))["emb-va"]
        assert (row["receiver"], row["waived"]) == ("emb-fr", left)
        mission = Mission.blank("emb-va")
        for event in events:
            mission.record(event, NOW)
        assert sorted(mission.waivers) == left


def test_what_cannot_be_undone_is_listed_in_the_amendment() -> None:
    world = closing()
    set_dates(world, world.mission, PUBLIC_ON, OFFICIAL_ON, NOW)
    evidence(world, 2)
    recall(world, "p-1")
    amended(world, rows_changed=(TO_FRANCE,))
    told = next(event for event in world.news if isinstance(event, DecreeAmended)).irreversible
    assert [(done.measure, done.condition, done.references) for done in told] == [
        (MEASURE, 2, ("17/2025: letter",)),
        (MEASURE, None, ("p-1",)),
    ]


def test_an_executed_row_stays_as_it_is_and_is_listed() -> None:
    world = closable()
    close(gather(world, world.mission), NOW)
    amended(world.forget_news(), rows_changed=(TO_FRANCE,), rows_dropped=(SECOND,))
    assert (world.measure.state, world.measure.receiver) == (MeasureState.EXECUTED, "emb-it")
    told = next(event for event in world.news if isinstance(event, DecreeAmended))
    assert [done.measure for done in told.irreversible] == [MEASURE]
    assert not any(isinstance(event, MeasureRetargeted) for event in world.news)


def test_a_row_about_another_mission_is_to_be_ordered_again_and_the_former_is_open() -> None:
    world = amended(closing(), rows_changed=(ChangedRow(MEASURE, mission="emb-fr"),))
    assert (world.mission.state, world.measure.state) == (MissionState.OPEN, MeasureState.LISTED)
    assert not world.get(Mission, "emb-it").receives
    assert order(world, world.measure, NOW)
    assert world.get(Mission, "emb-fr").state is MissionState.CLOSING


def test_a_dropped_row_calls_the_closing_off() -> None:
    world = closing()
    set_dates(world, world.mission, PUBLIC_ON, OFFICIAL_ON, NOW)
    amended(world, rows_dropped=(MEASURE,))
    assert (world.measure.state, world.mission.state) == (MeasureState.DROPPED, MissionState.OPEN)
    assert (world.mission.dates, world.mission.evidence, world.mission.left) == (None, {}, {})
    assert list(world.decree.measures) == [SECOND]
    assert world.get(Mission, "emb-it").receives == {}
    world.mission.check_takes_staff(NOW)


@pytest.mark.parametrize(
    "called_off",
    [
        lambda world: amended(world, rows_dropped=(MEASURE,)),
        lambda world: amended(world, rows_changed=(ChangedRow(MEASURE, mission="emb-fr"),)),
        lambda world: repeal(with_later(world), world.decree, LATER, ON, NOW),
        lambda world: supersede(with_later(world), world.decree, LATER, ON, NOW),
    ],
)
def test_nothing_that_was_signed_counts_for_a_closing_that_was_called_off(called_off: Any) -> None:
    world = closable()
    called_off(world)
    assert world.mission.state is MissionState.OPEN
    assert world.handover.signatures == {}
    voided = [event for event in world.news if isinstance(event, HandoverReopened)]
    assert [event.reason.en for event in voided] == ["The closing was called off."]


def test_what_was_signed_for_an_earlier_closing_does_not_count_for_the_next() -> None:
    # Given a log of before signatures were voided when a closing was called off.
    world = listed()
    world.mission.announce_closing(world.decree.id, "m-0", None, NOW)
    signed = HandoverSigned(mission="emb-va", signatory=Signatory.OUTGOING, by="head-1", reference="1/2025")
    world.handover.record(signed, NOW)
    call_off(world.mission, None, NOW)
    world.forget_news()
    assert order(world, world.measure, NOW)
    assert world.handover.signatures == {}
    assert any(isinstance(event, HandoverReopened) for event in world.news)


def test_a_dropped_article_drops_its_rows() -> None:
    world = amended(listed(), dropped=("2",))
    assert world.measure.state is MeasureState.DROPPED
    assert world.decree.measures == {}


@pytest.mark.parametrize("end", [repeal, supersede])
@pytest.mark.parametrize("scope", [{}, {"article": "1"}, {"measure": SECOND}])
def test_a_decree_on_hold_ends_only_by_naming_the_hold(end: Any, scope: dict[str, str]) -> None:
    world = with_later(listed())
    hold(world, BEFORE, **scope)
    world.forget_news()
    with pytest.raises(refuses.EndedUnderHold) as refused:
        end(world, world.decree, LATER, ON, NOW, ("h-2",))
    assert refused.value.facts["holds"] == "h-1" and refused.value.told().ar and not world.news
    end(world, world.decree, LATER, ON, NOW, ("h-1",))
    ended = world.news[0]
    assert isinstance(ended, (DecreeRepealed, DecreeSuperseded)) and ended.despite == ("h-1",)


@pytest.mark.parametrize("end", [repeal, supersede])
def test_a_decree_that_is_over_by_another_drops_what_was_not_executed(end: Any) -> None:
    world = with_later(closing())
    assert end(world, world.decree, LATER, ON, NOW) == ()
    assert world.decree.state in (DecreeState.REPEALED, DecreeState.SUPERSEDED)
    assert (world.measure.state, world.mission.state) == (MeasureState.DROPPED, MissionState.OPEN)
    with pytest.raises(DecreeNotInForce):
        hold(world)
    with pytest.raises(refuses.DecreeOver):
        amend(world, world.decree, amendment(dropped=("1",)), NOW)


def test_a_receiver_that_is_closing_itself_takes_nobody() -> None:
    world = with_later(closing())
    other = world.get(Measure, SECOND)
    other.list_in(world.decree, row(row=2, mission="emb-fr", receiver="emb-it"), NOW)
    assert order(world, other, NOW)
    with pytest.raises(MissionNotOpen):
        amend(world, world.decree, amendment(rows_changed=(TO_FRANCE,)), NOW)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"changed": (NewArticle("9", NEW),)}, "no article 9"),
        ({"dropped": ("9",)}, "no article 9"),
        ({"added": (NewArticle("1", NEW),)}, "article 1 already"),
        ({"rows_added": (NewRow("9", 1, MeasureKind.CLOSE, "emb-fr"),)}, "article 9, which is not there"),
        ({"rows_added": (NewRow("2", 1, MeasureKind.CLOSE, "emb-fr"),)}, f"row {MEASURE} already"),
        ({"rows_changed": (ChangedRow("m-9", mission="emb-fr"),)}, "no measure m-9"),
        ({"rows_dropped": ("m-9",)}, "no measure m-9"),
        ({"rows_changed": (TO_FRANCE,), "rows_dropped": (MEASURE,)}, f"measure {MEASURE} is named 2"),
        ({"changed": (NewArticle("1", NEW),), "dropped": ("1",)}, "article 1 is named 2 times"),
    ],
)
def test_an_amendment_that_does_not_fit_is_refused(changes: dict[str, Any], fault: str) -> None:
    world = with_later(listed())
    with pytest.raises(refuses.AmendmentIncoherent) as refused:
        amend(world, world.decree, amendment(**changes), NOW)
    assert fault in str(refused.value)
    assert not world.news


def test_an_amendment_that_says_nothing_is_refused() -> None:
    world = with_later(listed())
    with pytest.raises(refuses.AmendmentEmpty):
        amend(world, world.decree, amendment(), NOW)


def test_a_decree_is_amended_by_a_later_one_in_force_alone() -> None:
    world = with_later(listed(), announced_on=date(2025, 4, 1))
    wanted = amendment(dropped=("1",))
    with pytest.raises(refuses.NotALaterDecree):
        amend(world, world.decree, wanted, NOW)
    with pytest.raises(refuses.NotALaterDecree):
        amend(world, world.decree, replace(wanted, by=DECREE), NOW)
    with pytest.raises(NotFound):
        amend(world, world.decree, replace(wanted, by="9-2025"), NOW)


@pytest.mark.parametrize(
    ("on", "refusal"),
    [(date(2025, 5, 2), refuses.EffectiveDayTooEarly), (date(2025, 5, 7), refuses.EffectiveDayAhead)],
)
def test_an_amendment_counts_from_a_day_between_its_decree_and_today(on: date, refusal: Any) -> None:
    world = with_later(listed())
    with pytest.raises(refusal):
        amend(world, world.decree, replace(amendment(dropped=("1",)), on=on), NOW)


def test_today_is_a_day_that_has_come_anywhere() -> None:
    world = with_later(listed())
    late = Moment(NOON.replace(hour=10), NOON.replace(hour=10))
    amend(world, world.decree, replace(amendment(dropped=("1",)), on=date(2025, 5, 6)), late)


@pytest.mark.parametrize(
    ("scope", "changes", "covered"),
    [
        ({}, {"dropped": ("1",)}, True),
        ({"article": "2"}, {"rows_dropped": (MEASURE,)}, True),
        ({"article": "2"}, {"dropped": ("1",)}, False),
        ({"measure": MEASURE}, {"rows_changed": (TO_FRANCE,)}, True),
        ({"measure": SECOND}, {"rows_changed": (TO_FRANCE,)}, False),
        ({"measure": MEASURE}, {"dropped": ("2",)}, True),
    ],
)
def test_what_is_on_hold_is_amended_only_by_naming_the_hold(
    scope: dict[str, str], changes: dict[str, Any], covered: bool
) -> None:
    world = with_later(listed())
    hold(world, BEFORE, **scope)
    wanted = amendment(**changes)
    if covered:
        with pytest.raises(refuses.AmendedUnderHold) as refused:
            amend(world, world.decree, wanted, NOW)
        assert refused.value.facts["holds"] == "h-1"
        wanted = replace(wanted, despite=("h-1",))
    amend(world, world.decree, wanted, NOW)
    told = next(event for event in world.news if isinstance(event, DecreeAmended))
    assert told.despite == (("h-1",) if covered else ())


@pytest.mark.parametrize(
    ("changes", "parts"),
    [
        ({"changed": (NewArticle("1", Text(en="One")),)}, "1"),
        ({"rows_changed": (ChangedRow(MEASURE),)}, MEASURE),
        ({"rows_changed": (ChangedRow(MEASURE, mission="emb-va", receiver="emb-it"),)}, MEASURE),
        (
            {"changed": (NewArticle("1", Text(en="One")), NewArticle("2", NEW)), "rows_dropped": (SECOND,)},
            "1",
        ),
    ],
)
def test_what_says_nothing_new_is_refused_whatever_else_is_changed(
    changes: dict[str, Any], parts: str
) -> None:
    world = with_later(listed())
    with pytest.raises(refuses.NothingNew) as refused:
        amend(world, world.decree, amendment(**changes), NOW)
    assert refused.value.facts["parts"] == parts and refused.value.told().ar
    assert not world.news


def test_a_note_is_something_new() -> None:
    world = amended(listed(), rows_changed=(ChangedRow(MEASURE, note=NEW),))
    assert any(isinstance(event, MeasureRetargeted) and event.note == NEW for event in world.news)


def test_no_article_loses_a_language() -> None:
    # Given an article in both languages, when the new text is English only, then it is refused.
    world = amended(listed(), changed=(NewArticle("2", NEW),))
    world.forget_news()
    with pytest.raises(refuses.LanguageLost) as refused:
        amend(world, world.decree, amendment(changed=(NewArticle("2", Text(en="Shorter")),)), NOW)
    assert (refused.value.facts["article"], refused.value.facts["language"]) == ("2", "ar")
    assert refused.value.told().ar and not world.news
    # Then an article without Arabic may get it, and one without may stay so.
    amend(world, world.decree, amendment(changed=(NewArticle("1", Text(en="One, anew")),)), NOW)
    amend(world, world.decree, amendment(changed=(NewArticle("1", NEW),)), NOW)
