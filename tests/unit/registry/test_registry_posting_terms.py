from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from services.registry.mission import Mission
from services.registry.mission.refusals import NoPostingThere
from services.registry.organisation import MINISTRY, Organisation
from services.registry.organisation.refusals import NotCompetent, TermKnownOtherwise
from services.registry.staff import StaffMember, refusals
from services.registry.staff.lasting import approach, extend, note_overdue
from services.registry.staff.term import Term, overdue_at, term_of
from services.registry.views.staff import StaffView, posted_at
from shared.calendar.rule import add_months
from shared.contracts.registry import (
    Competence,
    OverdueGround,
    Provenance,
    StaffOverdueQualified,
    StaffPosted,
    StaffPostingCapApproaching,
    StaffPostingExtended,
    StaffPostingOverdue,
    StaffReassigned,
    StaffRecalled,
)
from shared.domain import Moment, Text
from shared.domain.moment import BeforeWhatItFollows, EffectiveAhead
from tests.unit.registry.folding import fold
from tests.unit.registry.world import COMPETENCES, NOON, NOW, World, post, registered

FIRST, LAST = date(2021, 5, 5), date(2025, 5, 5)
WARN = date(2025, 2, 4)
DIPLOMAT = Competence(category="diplomat", title=Text(en="diplomat"), authority="cabinet")


def at(day: date, hour: int = 0) -> Moment:
    moment = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    return Moment(moment, moment)


def posted(posted_on: date | None = FIRST) -> World:
    world = registered()
    post(world, "p-3", "diplomat", "cabinet", "emb-it", posted_on=posted_on)
    return world.forget_news()


def person(world: World) -> StaffMember:
    return world.get(StaffMember, "p-3")


@pytest.mark.parametrize(
    ("first", "months", "last"),
    [
        (FIRST, 48, LAST),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2025, 10, 31), 1, date(2025, 11, 30)),
    ],
)
def test_a_term_is_reckoned_in_calendar_months(first: date, months: int, last: date) -> None:
    competence = DIPLOMAT.model_copy(update={"cap_months": months})
    assert term_of(first, competence) == Term(first, last, last - timedelta(days=90))


def test_a_category_without_a_cap_and_a_beginning_nobody_knows_have_no_last_day() -> None:
    uncapped = DIPLOMAT.model_copy(update={"cap_months": None})
    assert term_of(FIRST, uncapped).ends_on is None
    assert person(posted(None)).ends_on is None
    assert person(posted()).ends_on == LAST


def test_the_last_day_is_near_once_from_ninety_days_before_it() -> None:
    world = posted()
    assert not approach(person(world), LAST, at(WARN - timedelta(days=1), 23))
    assert approach(person(world), LAST, at(WARN))
    assert not approach(person(world), LAST, at(WARN, 1)), "once"
    assert world.news == [
        StaffPostingCapApproaching(mission="emb-it", category="diplomat", authority="cabinet", ends_on=LAST)
    ]


def test_a_posting_is_overdue_once_its_last_day_has_passed() -> None:
    world = posted()
    assert not note_overdue(person(world), LAST, at(LAST, 23))
    assert note_overdue(person(world), LAST, at(LAST + timedelta(days=1)))
    assert not note_overdue(person(world), LAST, at(LAST + timedelta(days=2)))
    assert [type(event) for event in world.news] == [StaffPostingOverdue]
    assert not approach(person(world), LAST, at(LAST + timedelta(days=1))), "it is past being near"


def test_an_extension_moves_the_last_day_and_brings_a_new_warning() -> None:
    world, until = posted(), date(2026, 1, 1)
    note_overdue(person(world), LAST, NOW_LATER)
    extend(person(world), until, "cabinet", "9/2025", DIPLOMAT, NOW_LATER)
    extended = world.news[-1]
    assert isinstance(extended, StaffPostingExtended)
    assert (extended.former, extended.ends_on, extended.warn_on) == (LAST, until, date(2025, 10, 3))
    assert not note_overdue(person(world), LAST, at(date(2026, 6, 1))), "that day is not the last any more"
    assert approach(person(world), until, at(date(2025, 11, 1)))
    assert note_overdue(person(world), until, at(date(2026, 1, 2)))


NOW_LATER = at(date(2025, 6, 1))


def told_later(day: date) -> Moment:
    """A moment of a day, told when the last day has passed long since."""
    return Moment(NOW_LATER.recorded_at, at(day).effective_at)


def overdue_posting() -> World:
    """The posting was overdue since 6 May, and nothing else is known of it."""
    world = posted(FIRST)
    assert note_overdue(person(world), LAST, at(LAST + timedelta(days=1)))
    return world.forget_news()


def beside(ground: OverdueGround, day: date) -> StaffOverdueQualified:
    about = {"mission": "emb-it", "category": "diplomat", "authority": "cabinet", "ends_on": LAST}
    return StaffOverdueQualified(**about, ground=ground, effective_at=at(day).effective_at)  # type: ignore[arg-type]


def qualified(world: World) -> list[StaffOverdueQualified]:
    return [event for event in world.news if isinstance(event, StaffOverdueQualified)]


End = Callable[[World, Moment], None]


def recalled(world: World, moment: Moment) -> None:
    person(world).recall(world.get(Mission, "emb-it"), "cabinet", None, moment)


def separated(world: World, moment: Moment) -> None:
    person(world).separate(world.get(Mission, "emb-it"), "cabinet", None, moment)


def moved(world: World, moment: Moment) -> None:
    missions = (world.get(Mission, "emb-it"), world.get(Mission, "emb-fr"))
    person(world).reassign(*missions, "cabinet", None, world.get(Organisation, MINISTRY), moment)


def longer(world: World, moment: Moment) -> None:
    extend(person(world), date(2026, 1, 1), "cabinet", "9/2025", DIPLOMAT, moment)


@pytest.mark.parametrize(
    ("step", "ground"),
    [
        (recalled, OverdueGround.ENDED),
        (separated, OverdueGround.ENDED),
        (moved, OverdueGround.ENDED),
        (longer, OverdueGround.EXTENDED),
    ],
)
def test_what_was_so_before_the_last_day_had_passed_stands_beside_the_fact(
    step: End, ground: OverdueGround
) -> None:
    world, day = overdue_posting(), date(2025, 4, 1)
    step(world, told_later(day))
    assert qualified(world) == [beside(ground, day)]
    in_time = overdue_posting()
    step(in_time, told_later(LAST))
    assert qualified(in_time) == [beside(ground, LAST)], "the last day itself had not passed"
    late = overdue_posting()
    step(late, told_later(LAST + timedelta(days=1)))
    assert not qualified(late)


def test_each_last_day_is_judged_by_itself_and_none_of_a_former_posting() -> None:
    world = overdue_posting()
    longer(world, told_later(date(2025, 5, 20)))
    until = date(2026, 1, 1)
    assert note_overdue(person(world), until, at(until + timedelta(days=1)))
    world.forget_news()
    after = Moment(at(date(2026, 6, 1)).recorded_at, at(date(2025, 12, 1)).effective_at)
    moved(world, after)
    assert [event.ends_on for event in qualified(world)] == [until], "in May it was overdue"
    assert person(world).passed == ()


@pytest.mark.parametrize("step", [recalled, separated, moved])
def test_a_posting_does_not_end_before_it_was_extended(step: End) -> None:
    world = overdue_posting()
    longer(world, told_later(date(2025, 5, 20)))
    world.forget_news()
    with pytest.raises(BeforeWhatItFollows) as refused:
        step(world, told_later(date(2025, 5, 19)))
    assert refused.value.facts["of"] == "p-3" and not world.news
    step(world, told_later(date(2025, 5, 20)))
    assert person(world).mission != "emb-it"


def test_a_refused_reassignment_puts_nothing_beside_the_fact() -> None:
    world = overdue_posting()
    world.get(Mission, "emb-fr").announce_closing("298-2025", "298-2025-a2-r02", None, told_later(FIRST))
    world.forget_news()
    with pytest.raises(NoPostingThere):
        moved(world, told_later(date(2025, 4, 1)))
    assert not world.news


def test_the_view_tells_what_stands_beside_an_overdue_posting() -> None:
    story = [posting(), OVER, beside(OverdueGround.EXTENDED, date(2025, 4, 1)), LONGER]
    row = fold(StaffView(), *(("staff.p-3", event) for event in story))["p-3"]
    (passed,) = row["overdue_postings"]
    assert passed["qualified"] == [{"ground": "extended", "effective_at": "2025-04-01T00:00:00.000000Z"}]
    again = [posting(), OVER, StaffRecalled(mission="emb-it", category="diplomat", by="cabinet")]
    last = beside(OverdueGround.ENDED, date(2025, 4, 2))
    row = fold(StaffView(), *(("staff.p-3", event) for event in [*again, posting(), OVER, last]))["p-3"]
    assert [len(one["qualified"]) for one in row["overdue_postings"]] == [0, 1], "it is of the last posting"


def test_only_the_competent_authority_extends_to_a_later_day() -> None:
    world = posted()
    with pytest.raises(NotCompetent):
        extend(person(world), date(2026, 1, 1), "presidential-council", "9/2025", DIPLOMAT, NOW)
    with pytest.raises(refusals.NotLonger):
        extend(person(world), LAST, "cabinet", "9/2025", DIPLOMAT, NOW)
    with pytest.raises(refusals.NoEndToMove):
        extend(person(posted(None)), LAST, "cabinet", "9/2025", DIPLOMAT, NOW)
    person(world).recall(world.get(Mission, "emb-it"), "cabinet", None, NOW)
    with pytest.raises(refusals.NotPosted):
        extend(person(world), date(2026, 1, 1), "cabinet", "9/2025", DIPLOMAT, NOW)


@pytest.mark.parametrize(
    ("months", "latest"), [(12, date(2026, 5, 5)), (6, date(2025, 11, 5)), (1, date(2025, 6, 5))]
)
def test_one_extension_is_bounded_by_the_category(months: int, latest: date) -> None:
    world = posted()
    competence = DIPLOMAT.model_copy(update={"extension_months": months})
    for until in (latest + timedelta(days=1), date(2199, 12, 31)):
        with pytest.raises(refusals.TooLong) as refused:
            extend(person(world), until, "cabinet", "9/2025", competence, NOW)
        assert refused.value.facts["latest"] == latest.isoformat()
        told = refused.value.told()
        assert latest.isoformat() in (told.en or "") and latest.isoformat() in (told.ar or "")
    assert not world.news
    extend(person(world), latest, "cabinet", "9/2025", competence, NOW)
    assert person(world).ends_on == latest
    again = add_months(latest, months)
    extend(person(world), again, "cabinet", "10/2025", competence, NOW)
    assert person(world).ends_on == again, "each extension is a decision of its own"


def test_a_category_of_which_no_bound_was_declared_has_twelve_months() -> None:
    stored = DIPLOMAT.model_dump(mode="json", exclude={"extension_months"})
    assert Competence.model_validate(stored).extension_months == 12
    organisation = registered().get(Organisation, MINISTRY)
    organisation.declare(COMPETENCES, NOW)
    with pytest.raises(TermKnownOtherwise):
        organisation.declare((COMPETENCES[1].model_copy(update={"extension_months": 6}),), NOW)


def test_nothing_is_due_about_whoever_came_back_or_went_elsewhere() -> None:
    world = posted()
    person(world).reassign(
        world.get(Mission, "emb-it"),
        world.get(Mission, "emb-fr"),
        "cabinet",
        None,
        world.get(Organisation, MINISTRY),
        NOW,
    )
    assert person(world).ends_on == date(2029, 5, 5), "a posting of its own"
    assert not note_overdue(person(world), LAST, NOW_LATER)
    person(world).recall(world.get(Mission, "emb-fr"), "cabinet", None, NOW)
    assert not note_overdue(person(world), date(2029, 5, 5), at(date(2030, 1, 1)))


def test_postings_begin_and_end_in_order_and_not_in_the_future() -> None:
    world, there = posted(), posted().get(Mission, "emb-it")
    early = Moment(NOON, datetime(2021, 5, 4, 23, tzinfo=UTC))
    with pytest.raises(refusals.PostingOutOfOrder):
        person(world).recall(there, "cabinet", None, early)
    with pytest.raises(EffectiveAhead):
        person(world).recall(there, "cabinet", None, Moment(NOON, NOON + timedelta(seconds=1)))
    person(world).recall(world.get(Mission, "emb-it"), "cabinet", None, NOW)
    with pytest.raises(refusals.PostingOutOfOrder):
        post(world, "p-3", "diplomat", "cabinet", "emb-it", moment=Moment(NOON, NOON - timedelta(days=1)))
    post(world, "p-3", "diplomat", "cabinet", "emb-it")


def test_no_posting_ends_before_the_moment_at_which_it_began_and_none_begins_before_the_last_ended() -> None:
    world, half_past = registered(), datetime(2025, 4, 30, 22, 30, tzinfo=UTC)
    italy, second = world.get(Mission, "emb-it"), timedelta(seconds=1)
    post(world, "p-3", "diplomat", "cabinet", "emb-it", Moment(NOON, half_past), half_past.date())
    for at_once in (half_past - second, datetime(2025, 4, 30, 10, tzinfo=UTC)):
        with pytest.raises(refusals.PostingOutOfOrder) as refused:
            person(world).recall(italy, "cabinet", None, Moment(NOON, at_once))
    told = refused.value.told()
    for moment in ("2025-04-30T10:00:00.000000Z", "2025-04-30T22:30:00.000000Z"):
        assert moment in (told.en or "") and moment in (told.ar or "")
    with pytest.raises(refusals.PostingOutOfOrder):
        extend(
            person(world), date(2029, 5, 5), "cabinet", "9/2025", DIPLOMAT, Moment(NOON, half_past - second)
        )
    person(world).recall(italy, "cabinet", None, Moment(NOON, half_past))
    with pytest.raises(refusals.PostingOutOfOrder):
        post(
            world, "p-3", "diplomat", "cabinet", "emb-fr", Moment(NOON, half_past - second), date(2025, 4, 30)
        )
    post(world, "p-3", "diplomat", "cabinet", "emb-fr", Moment(NOON, half_past), date(2025, 4, 30))


def test_a_posting_whose_day_alone_is_known_can_end_on_that_day() -> None:
    world = posted(date(2025, 5, 5))
    assert person(world).stepped_at == NOON
    listed = posted(date(2025, 5, 1))
    assert person(listed).stepped_at == datetime(2025, 5, 1, tzinfo=UTC)
    first = Moment(NOON, datetime(2025, 5, 1, 8, tzinfo=UTC))
    person(listed).recall(listed.get(Mission, "emb-it"), "cabinet", None, first)
    assert person(listed).stepped_at == first.effective_at
    assert person(posted(None)).stepped_at is None, "nobody knows when it began"


def test_the_term_of_a_category_is_declared_once() -> None:
    organisation = registered().get(Organisation, MINISTRY)
    other = COMPETENCES[1].model_copy(update={"cap_months": 36})
    with pytest.raises(TermKnownOtherwise):
        organisation.declare((other,), NOW)


def posting(**changes: date | None) -> StaffPosted:
    days = {"posted_on": FIRST, "ends_on": LAST, "warn_on": WARN} | changes
    about = {"mission": "emb-it", "category": "diplomat", "authority": "cabinet"}
    return StaffPosted(**about, provenance=Provenance.SOURCED, **days)  # type: ignore[arg-type]


NEAR = StaffPostingCapApproaching(mission="emb-it", category="diplomat", authority="cabinet", ends_on=LAST)
OVER = StaffPostingOverdue(mission="emb-it", category="diplomat", authority="cabinet", ends_on=LAST)
LONGER = StaffPostingExtended(
    mission="emb-it",
    category="diplomat",
    former=LAST,
    ends_on=date(2026, 1, 1),
    warn_on=date(2025, 10, 3),
    by="cabinet",
    reference="9/2025",
)


def test_the_view_tells_when_something_is_next_due() -> None:
    story = [posting(), NEAR, OVER, LONGER]
    rows = [fold(StaffView(), *(("staff.p-3", event) for event in story[:n]))["p-3"] for n in range(1, 5)]
    assert [row["next_at"] for row in rows] == [
        "2025-02-04T00:00:00.000000Z",
        "2025-05-06T00:00:00.000000Z",
        None,
        "2025-10-03T00:00:00.000000Z",
    ]
    assert [(row["near"], row["overdue"]) for row in rows] == [
        (False, False),
        (True, False),
        (False, True),
        (False, False),
    ]
    stays = [{"mission": "emb-it", "ends_on": "2025-05-05", "qualified": []}]
    assert rows[-1]["overdue_postings"] == stays
    unknown = fold(StaffView(), ("staff.p-3", posting(posted_on=None, ends_on=None, warn_on=None)))["p-3"]
    assert unknown["next_at"] is None
    assert overdue_at(LAST) == datetime(2025, 5, 6, tzinfo=UTC)


def test_where_somebody_was_posted_on_a_day() -> None:
    def day(month: int, number: int) -> datetime:
        return datetime(2025, month, number, tzinfo=UTC)

    moved = StaffReassigned(from_mission="emb-it", mission="emb-fr", category="diplomat", by="cabinet")
    back = StaffRecalled(mission="emb-fr", category="diplomat", by="cabinet")
    story = [("staff.p-3", posting()), ("staff.p-3", moved), ("staff.p-3", back)]
    row = fold(StaffView(), *story, moments=[day(1, 1), day(3, 1), day(5, 1)])["p-3"]
    missions = [posted_at(row, day(*on))["mission"] for on in ((1, 1), (2, 28), (3, 1), (4, 30), (5, 1))]
    assert missions == ["emb-it", "emb-it", "emb-fr", "emb-fr", None]
    assert posted_at(row, day(1, 1) - timedelta(seconds=1))["mission"] is None


def test_an_extension_is_of_no_day_before_the_posting_or_the_last_extension() -> None:
    world = posted()
    early = Moment(NOON, datetime(2021, 5, 4, 23, tzinfo=UTC))
    with pytest.raises(refusals.PostingOutOfOrder) as refused:
        extend(person(world), date(2025, 9, 1), "cabinet", "9/2025", DIPLOMAT, early)
    assert refused.value.facts["last"] == "2021-05-05T00:00:00.000000Z"
    extend(
        person(world), date(2025, 9, 1), "cabinet", "9/2025", DIPLOMAT, Moment(NOON, at(FIRST).effective_at)
    )
    later = Moment(NOON, datetime(2025, 3, 1, tzinfo=UTC))
    extend(person(world), date(2025, 10, 1), "cabinet", "10/2025", DIPLOMAT, later)
    world.forget_news()
    before = Moment(NOON, later.effective_at - timedelta(seconds=1))
    with pytest.raises(BeforeWhatItFollows):
        extend(person(world), date(2025, 11, 1), "cabinet", "11/2025", DIPLOMAT, before)
    assert not world.news
    extend(person(world), date(2025, 11, 1), "cabinet", "11/2025", DIPLOMAT, later)
    # And a posting that follows has extensions of its own.
    person(world).reassign(
        world.get(Mission, "emb-it"),
        world.get(Mission, "emb-fr"),
        "cabinet",
        None,
        world.get(Organisation, MINISTRY),
        NOW,
    )
    assert person(world).extended_at is None
