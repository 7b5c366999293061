"""Amendments that are entered in another order than that of law: the present is that of law."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.registry.amending import Amendment, ChangedRow, NewArticle, NewRow, amend, repeal, supersede
from services.registry.amending import refusals as refuses
from services.registry.decree import Decree, DecreeState
from services.registry.measure import Measure, MeasureState
from services.registry.measure.identifying import identify
from services.registry.measure.ordering import earliest, order
from services.registry.measure.refusals import KnownOtherwise, NothingIdentified, ReceiverIsMission
from services.registry.mission import Mission, MissionState
from services.registry.mission.refusals import MissionNotOpen
from shared.contracts.registry import (
    Article,
    Confidence,
    DecreeAmended,
    DecreeEnteredIntoForce,
    MeasureAmendedInPast,
    MeasureDropped,
    MeasureIdentified,
    MeasureKind,
    MeasureListed,
    MeasureRetargeted,
    MissionRetargeted,
    Target,
)
from shared.domain import Moment, Text
from shared.domain.moment import BeforeWhatItFollows
from tests.unit.registry.world import DECREE, MEASURE, NOW, World, closing, draft, hold, listed, row

OLDER, LATER = "401-2025", "402-2025"
FIRST, SECOND = date(2025, 5, 2), date(2025, 5, 4)
"""The day of the older decree, and that of the later one; the later one is entered first."""
BEFORE, BETWEEN = date(2025, 5, 1), date(2025, 5, 3)
ROW_2, ROW_3 = "298-2025-a2-r02", "298-2025-a2-r03"
JANUARY, MARCH = Text(en="The older text"), Text(en="The later text")


def standing(world: World) -> World:
    """Two later decrees are in force."""
    for number in (401, 402):
        later = world.get(Decree, f"{number}-2025")
        later.issue(draft(number=number, articles=(), procedure=None), NOW)
        later.enter_into_force(date(2025, 5, 1), NOW)
    return world.forget_news()


def older(world: World, **changes: Any) -> None:
    amend(world, world.decree, Amendment(OLDER, FIRST, **changes), NOW)


def later(world: World, **changes: Any) -> World:
    amend(standing(world), world.decree, Amendment(LATER, SECOND, **changes), NOW)
    return world.forget_news()


def text_on(world: World, article: str, day: date | None = None) -> str | None:
    articles = world.decree.articles if day is None else world.decree.articles_on(day)
    return next((one.text.en for one in articles if one.article == article), None)


def told(world: World, kind: type[Any]) -> Any:
    return next(event for event in world.news if isinstance(event, kind))


# --- articles


def test_an_older_text_holds_for_the_days_between_and_does_not_move_the_present() -> None:
    world = later(listed(), changed=(NewArticle("1", MARCH),))
    older(world, changed=(NewArticle("1", JANUARY),))
    assert text_on(world, "1") == MARCH.en
    assert [text_on(world, "1", day) for day in (BEFORE, FIRST, BETWEEN, SECOND)] == [
        "One",
        JANUARY.en,
        JANUARY.en,
        MARCH.en,
    ]
    event = told(world, DecreeAmended)
    assert (event.changed, event.added, event.dropped) == ((), (), ())
    assert event.says.texts[0].text == JANUARY


def test_what_an_older_amendment_changes_alone_is_of_the_present_with_what_others_say() -> None:
    # Given a later text of article 2, when an older amendment drops a row of it, both are so.
    world = later(listed(), changed=(NewArticle("2", MARCH),))
    older(world, rows_dropped=(MEASURE,), changed=(NewArticle("1", JANUARY),))
    two = next(one for one in world.decree.articles if one.article == "2")
    assert (two.text, two.measures) == (MARCH, (ROW_2,))
    assert text_on(world, "1") == JANUARY.en
    changed = {one.article: one for one in told(world, DecreeAmended).changed}
    assert (changed["1"].text, changed["2"]) == (JANUARY, two)
    between = next(one for one in world.decree.articles_on(BETWEEN) if one.article == "2")
    assert (between.text.en, between.measures) == ("Two", (ROW_2,)), "no later text is told of earlier days"


def test_an_added_article_stands_before_the_later_one_whichever_was_entered_first() -> None:
    world = later(listed(), added=(NewArticle("6", MARCH),))
    older(world, added=(NewArticle("5", JANUARY),))
    assert [one.article for one in world.decree.articles] == ["1", "2", "5", "6"]


def test_an_amendment_is_judged_by_what_stood_on_its_day() -> None:
    # Given that article 1 is dropped from the later day, when an older text of it comes, then it is told.
    world = later(listed(), dropped=("1",))
    older(world, changed=(NewArticle("1", JANUARY),))
    assert (text_on(world, "1"), text_on(world, "1", BETWEEN)) == (None, JANUARY.en)
    # And what was not there yet is not changed by it.
    world = later(listed(), added=(NewArticle("5", MARCH),))
    with pytest.raises(refuses.AmendmentIncoherent, match="no article 5"):
        older(world, changed=(NewArticle("5", JANUARY),))
    # And what said nothing new now was new then.
    world = later(listed(), changed=(NewArticle("1", MARCH),))
    older(world, changed=(NewArticle("1", MARCH),))
    assert text_on(world, "1", BETWEEN) == MARCH.en
    with pytest.raises(refuses.NothingNew):
        older(world, changed=(NewArticle("1", MARCH),))


@pytest.mark.parametrize(
    ("first", "then", "fault"),
    [
        ({"changed": (NewArticle("1", MARCH),)}, {"dropped": ("1",)}, "there is no article 1"),
        ({"dropped": ("1",)}, {"dropped": ("1",)}, "there is no article 1"),
        ({"added": (NewArticle("5", MARCH),)}, {"added": (NewArticle("5", JANUARY),)}, "article 5 already"),
        (
            {"rows_added": (NewRow("2", 3, MeasureKind.CLOSE, "emb-fr"),)},
            {"dropped": ("2",)},
            f"row {ROW_3} belongs to article 2",
        ),
        (
            {"rows_changed": (ChangedRow(MEASURE, receiver="emb-fr"),)},
            {"rows_dropped": (MEASURE,)},
            f"no measure {MEASURE}",
        ),
        ({"rows_dropped": (MEASURE,)}, {"dropped": ("2",)}, f"no measure {MEASURE}"),
    ],
)
def test_what_takes_the_ground_from_a_later_amendment_is_refused(
    first: dict[str, Any], then: dict[str, Any], fault: str
) -> None:
    world = later(listed(), **first)
    with pytest.raises(refuses.LaterWouldNotFit) as refused:
        older(world, **then)
    assert fault in str(refused.value)
    assert (refused.value.facts["later"], refused.value.facts["later_on"]) == (LATER, SECOND.isoformat())
    assert refused.value.told().ar and not world.news


def test_a_chain_of_which_the_last_happened_to_fit_says_what_it_is_stuck_behind() -> None:
    """A consequence of decision 0034: an article that is added, dropped, added again."""
    world = standing(listed())
    third = world.get(Decree, "403-2025")
    third.issue(draft(number=403, articles=(), procedure=None), NOW)
    third.enter_into_force(BEFORE, NOW)
    amend(world, world.decree, Amendment("403-2025", SECOND, added=(NewArticle("5", MARCH),)), NOW)
    world.forget_news()
    with pytest.raises(refuses.LaterWouldNotFit) as refused:
        older(world, added=(NewArticle("5", JANUARY),))
    assert refused.value.facts["later"] == "403-2025"
    with pytest.raises(refuses.AmendmentIncoherent):
        amend(world, world.decree, Amendment(LATER, BETWEEN, dropped=("5",)), NOW)
    assert not world.news


# --- rows


TO_FRANCE, TO_ITALY_AGAIN = ChangedRow(MEASURE, receiver="emb-fr"), ChangedRow(MEASURE, receiver="emb-al")


def with_albania(world: World) -> World:
    registered = world.get(Mission, "emb-fr").registered
    assert registered is not None
    world.get(Mission, "emb-al").register(registered.model_copy(update={"host": "AL"}), NOW)
    return world


def test_an_older_receiver_does_not_move_what_is_under_way_for_the_later_one() -> None:
    world = later(with_albania(closing()), rows_changed=(TO_FRANCE,))
    older(world, rows_changed=(TO_ITALY_AGAIN,))
    assert (world.measure.state, world.measure.receiver) == (MeasureState.ORDERED, "emb-fr")
    assert world.mission.closing is not None and world.mission.closing.receiver == "emb-fr"
    assert world.get(Mission, "emb-fr").receives == {MEASURE: "emb-va"}
    assert not any(isinstance(event, (MeasureRetargeted, MissionRetargeted)) for event in world.news)
    past = told(world, MeasureAmendedInPast)
    assert (past.by, past.on, past.receiver, past.says.receiver) == (OLDER, FIRST, "emb-fr", "emb-al")
    days = [world.measure.parts_on(day).receiver for day in (BEFORE, FIRST, BETWEEN, SECOND)]
    assert days == ["emb-it", "emb-al", "emb-al", "emb-fr"]
    assert told(world, DecreeAmended).irreversible == ()


def test_a_part_of_which_the_later_says_nothing_is_what_the_older_says_now() -> None:
    world = later(with_albania(closing()), rows_changed=(ChangedRow(MEASURE, receiver="emb-fr"),))
    older(world, rows_changed=(ChangedRow(MEASURE, mission="emb-al", receiver="emb-it", note=JANUARY),))
    assert (world.measure.mission, world.measure.receiver) == ("emb-al", "emb-fr")
    assert (world.measure.state, world.mission.state) == (MeasureState.LISTED, MissionState.OPEN)
    moved = told(world, MeasureRetargeted)
    assert (moved.mission, moved.receiver, moved.former_receiver) == ("emb-al", "emb-fr", "emb-fr")
    assert (moved.says.mission, moved.says.receiver) == ("emb-al", "emb-it")


def test_parts_of_a_target_are_merged_by_the_order_of_law() -> None:
    listing = row(
        measure_kind=MeasureKind.RELOCATE, receiver=None, target=Target(city=Text(en="Rome"), posts=9)
    )
    world = later(listed(listing), rows_changed=(ChangedRow(MEASURE, target=Target(posts=5)),))
    older(world, rows_changed=(ChangedRow(MEASURE, target=Target(posts=7, city=Text(en="Milan"))),))
    assert world.measure.target == Target(city=Text(en="Milan"), posts=5)
    between = world.measure.parts_on(BETWEEN).target
    assert between == Target(city=Text(en="Milan"), posts=7)


def test_a_mission_that_is_not_open_any_more_may_be_named_for_days_that_are_over_alone() -> None:
    world = later(with_albania(listed()), rows_changed=(TO_FRANCE,))
    world.get(Measure, ROW_2).list_in(world.decree, row(row=2, mission="emb-al", receiver="emb-it"), NOW)
    assert order(world, world.get(Measure, ROW_2), NOW)
    older(world, rows_changed=(TO_ITALY_AGAIN,))
    assert world.measure.receiver == "emb-fr"
    with pytest.raises(MissionNotOpen):
        amend(
            world,
            world.decree,
            Amendment(LATER, SECOND, rows_changed=(ChangedRow(MEASURE, receiver="emb-al"),)),
            NOW,
        )


def test_no_row_receives_itself_on_any_day() -> None:
    world = later(listed(), rows_changed=(ChangedRow(MEASURE, mission="emb-fr"),))
    with pytest.raises(ReceiverIsMission):
        older(world, rows_changed=(TO_FRANCE,))
    world = later(listed(), rows_changed=(ChangedRow(MEASURE, mission="emb-fr", receiver="emb-va"),))
    with pytest.raises(ReceiverIsMission):
        older(world, rows_changed=(ChangedRow(MEASURE, receiver="emb-va"),))


def test_a_dropped_row_keeps_what_it_last_said_in_law() -> None:
    world = later(closing(), rows_dropped=(MEASURE,))
    older(world, rows_changed=(TO_FRANCE,))
    assert (world.measure.state, world.measure.receiver) == (MeasureState.DROPPED, "emb-fr")
    assert world.mission.state is MissionState.OPEN
    assert told(world, MeasureAmendedInPast).receiver == "emb-fr"


def test_a_row_that_an_older_amendment_adds_to_what_a_later_one_dropped_is_listed_and_dropped() -> None:
    world = later(listed(), dropped=("2",))
    older(world, rows_added=(NewRow("2", 3, MeasureKind.CLOSE, "emb-fr"),))
    added = world.get(Measure, ROW_3)
    assert (added.state, added.dropped_on, added.listed.amended_by) == (MeasureState.DROPPED, SECOND, OLDER)
    dropped = next(e for e in world.news if isinstance(e, MeasureDropped))
    assert (dropped.by, ROW_3 in world.decree.measures) == (LATER, False)
    assert ROW_3 in {one for article in world.decree.articles_on(BETWEEN) for one in article.measures}


def test_an_executed_row_stays_as_it_was_executed() -> None:
    listing = row(measure_kind=MeasureKind.REDUCE_STAFF, receiver=None, target=Target(posts=9))
    world = later(listed(listing), changed=(NewArticle("1", MARCH),))
    assert order(world, world.measure, NOW)
    world.measure.execute(("7/2025",), NOW)
    older(world.forget_news(), rows_changed=(ChangedRow(MEASURE, target=Target(posts=7)),))
    assert world.measure.target == Target(posts=9)
    assert [done.measure for done in told(world, DecreeAmended).irreversible] == [MEASURE]


def test_holds_are_asked_by_the_articles_of_the_amendments_day() -> None:
    # Given a row that the later amendment dropped, under a hold on its article.
    world = later(listed(), rows_dropped=(MEASURE,))
    hold(world, as_of(BEFORE), article="2")
    with pytest.raises(refuses.AmendedUnderHold):
        older(world, rows_changed=(TO_FRANCE,))
    older(world, rows_changed=(TO_FRANCE,), despite=("h-1",))


# --- ends


@pytest.mark.parametrize("end", [repeal, supersede])
def test_an_amendment_older_than_the_end_is_told_of_the_days_until_then(end: Any) -> None:
    world = standing(closing())
    end(world, world.decree, LATER, SECOND, NOW)
    older(
        world.forget_news(),
        changed=(NewArticle("1", JANUARY),),
        rows_changed=(TO_FRANCE,),
        rows_dropped=(ROW_2,),
        rows_added=(NewRow("2", 3, MeasureKind.CLOSE, "emb-fr"),),
    )
    assert world.decree.state in (DecreeState.REPEALED, DecreeState.SUPERSEDED)
    assert text_on(world, "1") == JANUARY.en, "so it read when it ended"
    assert world.measure.state is MeasureState.DROPPED and world.measure.receiver == "emb-fr"
    assert world.get(Measure, ROW_3).dropped_on == SECOND
    for on in (SECOND, SECOND + timedelta(days=1)):
        with pytest.raises(refuses.DecreeOver):
            amend(world, world.decree, Amendment(OLDER, on, changed=(NewArticle("1", MARCH),)), NOW)


def test_a_row_that_an_older_amendment_dropped_was_out_before_the_decree_ended() -> None:
    world = standing(closing())
    repeal(world, world.decree, LATER, SECOND, NOW)
    older(world.forget_news(), rows_dropped=(MEASURE,))
    assert (world.measure.state, world.measure.dropped_on) == (MeasureState.DROPPED, FIRST)
    past = told(world, MeasureAmendedInPast)
    assert (past.dropped, past.by, past.on) == (True, OLDER, FIRST)


@pytest.mark.parametrize("end", [repeal, supersede])
def test_no_decree_ends_before_a_day_on_which_it_was_amended(end: Any) -> None:
    world = later(listed(), changed=(NewArticle("1", MARCH),))
    with pytest.raises(refuses.EndBeforeAmendment) as refused:
        end(world, world.decree, OLDER, FIRST, NOW)
    assert refused.value.facts["later"] == LATER and refused.value.told().ar and not world.news
    end(world, world.decree, OLDER, SECOND, NOW)


# --- what is known of a row, and since when


def test_a_source_does_not_contradict_what_an_amendment_says() -> None:
    world = later(listed(row(mission=None, receiver=None)), rows_changed=(ChangedRow(MEASURE, "emb-va"),))

    def found(mission: str | None, receiver: str | None = None) -> None:
        identify(world, world.measure, mission, receiver, Confidence.LIKELY, "7/2025", NOW)

    with pytest.raises(KnownOtherwise):
        found("emb-fr")
    with pytest.raises(NothingIdentified):
        found(None)
    found(None, "emb-it")
    identified = told(world, MeasureIdentified)
    assert (identified.mission, identified.receiver) == ("emb-va", "emb-it")
    # And what a source named gives way to the law, whenever that is entered.
    older(world, rows_changed=(TO_FRANCE,))
    assert (world.measure.mission, world.measure.receiver) == ("emb-va", "emb-fr")


def as_of(day: date, recorded: datetime = NOW.recorded_at) -> Moment:
    return Moment(recorded, datetime(day.year, day.month, day.day, tzinfo=UTC))


def test_no_row_is_ordered_before_it_was_known_or_its_amendment_in_force() -> None:
    # Given a row that an amendment adds from 4 May.
    world = later(listed(), rows_added=(NewRow("2", 3, MeasureKind.CLOSE, "emb-fr"),))
    added = world.get(Measure, ROW_3)
    assert earliest(world, added, as_of(BEFORE)) == as_of(SECOND)
    with pytest.raises(BeforeWhatItFollows):
        order(world, added, as_of(BETWEEN))
    assert order(world, added, as_of(SECOND))
    # Given one that it moved to another mission from then.
    world = later(listed(), rows_changed=(ChangedRow(MEASURE, mission="emb-fr"),))
    assert earliest(world, world.measure, as_of(BEFORE)) == as_of(SECOND)
    with pytest.raises(BeforeWhatItFollows):
        order(world, world.measure, as_of(BETWEEN))
    # Given one whose receiver a source told at noon of 5 May.
    world = listed(row(receiver=None))
    identify(world, world.measure, None, "emb-it", Confidence.LIKELY, "7/2025", NOW)
    assert earliest(world, world.measure, as_of(BEFORE)) == NOW
    with pytest.raises(BeforeWhatItFollows):
        order(world, world.measure, as_of(SECOND))
    # Given a mission that was closing until then.
    world = later(closing(), rows_dropped=(MEASURE,))
    second = world.get(Measure, ROW_2)
    second.list_in(world.decree, row(row=2), NOW)
    assert earliest(world, second, as_of(BEFORE)) == NOW
    # And a moment that is late enough stays.
    assert earliest(world, second, as_of(date(2025, 5, 6))).effective_at == NOW.recorded_at


# --- logs that were written before amendments told what they say


def replayed(kind: type[Any], id: str, *events: Any) -> Any:
    aggregate = kind.blank(id)
    for version, event in enumerate(events, 1):
        aggregate.replay(event, version, NOW.recorded_at, NOW.effective_at)
    return aggregate


def old_retarget(on: date, former: str, receiver: str) -> MeasureRetargeted:
    return MeasureRetargeted(
        decree=DECREE,
        article="2",
        by=OLDER,
        on=on,
        mission="emb-va",
        receiver=receiver,
        target=None,
        former_mission="emb-va",
        former_receiver=former,
    )


def test_an_older_event_says_what_it_made_other() -> None:
    two = draft().articles[1]
    later_text = two.model_copy(update={"text": MARCH, "measures": (MEASURE, ROW_2, ROW_3)})
    # Recorded second, of an earlier day: it told the article with the text of the other.
    older_row = later_text.model_copy(update={"measures": (ROW_2, ROW_3)})
    decree = replayed(
        Decree,
        DECREE,
        draft(),
        DecreeEnteredIntoForce(on=BEFORE),
        DecreeAmended(by=LATER, on=SECOND, changed=(later_text,), rows_added=(ROW_3,)),
        DecreeAmended(
            by=OLDER,
            on=FIRST,
            changed=(older_row,),
            rows_dropped=(MEASURE,),
            added=(Article(article="5", text=MARCH),),
        ),
    )
    between = {one.article: one for one in decree.articles_on(BETWEEN)}
    assert (between["2"].text.en, between["2"].measures) == ("Two", (ROW_2,))
    now = {one.article: one for one in decree.articles}
    assert (now["2"].text, now["2"].measures, "5" in now) == (MARCH, (ROW_2, ROW_3), True)


def test_an_older_event_moved_the_row_when_it_was_recorded_and_that_stands() -> None:
    listing: MeasureListed = row()
    measure = replayed(
        Measure,
        MEASURE,
        listing,
        old_retarget(SECOND, "emb-it", "emb-fr"),
        old_retarget(FIRST, "emb-fr", "emb-al"),
    )
    assert measure.receiver == "emb-al"
    assert [change.on for change in measure.changes] == [SECOND, SECOND]
    assert measure.parts_on(SECOND).receiver == "emb-al"
