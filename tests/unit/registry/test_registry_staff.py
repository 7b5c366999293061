import pytest

from services.registry.closing import close, gather
from services.registry.department import Department
from services.registry.department.refusals import DepartmentKnownOtherwise
from services.registry.mission import Mission, phases
from services.registry.mission.dates import set_dates
from services.registry.mission.evidencing import waive
from services.registry.mission.refusals import AccreditedTwice, MissionKnownOtherwise, NoPostingThere
from services.registry.organisation import MINISTRY, Organisation
from services.registry.organisation.refusals import CategoryUnknown, CompetenceKnownOtherwise, NotCompetent
from services.registry.staff import StaffMember, StaffState
from services.registry.staff import refusals as refuses
from services.registry.views.missions import MissionsView
from shared.contracts.registry import (
    Competence,
    MissionStaffJoined,
    MissionStaffLeft,
    StaffOutcome,
    StaffPosted,
    StaffReassigned,
    StaffRecalled,
    StaffSeparated,
)
from shared.domain import Actor, NotFound, Text
from tests.unit.registry.folding import row_of
from tests.unit.registry.world import (
    COMPETENCES,
    NOW,
    OFFICIAL_ON,
    PUBLIC_ON,
    SIGNATORIES,
    WHY,
    World,
    closable,
    closing,
    description,
    evidence,
    post,
    recall,
    registered,
    sign,
)


def test_a_posting_is_told_by_the_person_and_by_the_mission() -> None:
    world = registered()
    post(world, "p-3", "diplomat", "cabinet", "emb-it")
    assert {type(event) for event in world.news} == {StaffPosted, MissionStaffJoined}
    assert world.get(Mission, "emb-it").posted == {"p-3": "diplomat"}


def test_one_posting_at_a_time() -> None:
    with pytest.raises(refuses.AlreadyPosted):
        post(registered(), "p-1", "diplomat", "cabinet", "emb-it")


def test_nobody_is_posted_to_a_mission_that_is_closing() -> None:
    with pytest.raises(NoPostingThere):
        post(closing(), "p-9", "diplomat", "cabinet")


def test_nobody_is_posted_to_a_mission_or_by_an_authority_that_is_not_there() -> None:
    with pytest.raises(NotFound):
        post(registered(), "p-9", "diplomat", "cabinet", "emb-xx")
    world = World()
    world.get(Organisation, MINISTRY).declare(COMPETENCES, NOW)
    with pytest.raises(NotFound):
        post(world, "p-9", "diplomat", "cabinet")


def test_a_posting_is_decided_by_the_authority_declared_for_its_category() -> None:
    world = registered()
    with pytest.raises(NotCompetent) as refused:
        post(world, "p-9", "head-of-mission", "cabinet")
    assert refused.value.facts["authority"] == "presidential-council"
    with pytest.raises(CategoryUnknown):
        post(world, "p-9", "cook", "cabinet")
    assert not world.news


def test_competences_are_added_and_never_changed() -> None:
    organisation = registered().get(Organisation, MINISTRY)
    organisation.declare(COMPETENCES, NOW)
    assert not organisation.pending_events, "known ones are no news"
    cook = Competence(category="cook", title=Text(en="Cook"), authority="cabinet")
    organisation.declare((*COMPETENCES, cook), NOW)
    assert organisation.competent_for("cook") == "cabinet"
    assert organisation.competent_for("head-of-mission") == "presidential-council"
    other = cook.model_copy(update={"authority": "presidential-council"})
    with pytest.raises(CompetenceKnownOtherwise):
        organisation.declare((other,), NOW)


def test_a_reassignment_ends_one_posting_and_begins_another() -> None:
    world = closing()
    to = world.get(Mission, "emb-it")
    world.get(StaffMember, "p-2").reassign(
        world.mission, to, "cabinet", "5/2025", world.get(Organisation, MINISTRY), NOW
    )
    assert world.mission.posted == {"p-1": "head-of-mission"}
    assert to.posted == {"p-2": "diplomat"}
    moved = next(event for event in world.news if isinstance(event, StaffReassigned))
    assert (moved.from_mission, moved.mission, moved.by) == ("emb-va", "emb-it", "cabinet")
    assert MissionStaffLeft(staff="p-2", outcome=StaffOutcome.REASSIGNED) in world.news


def test_nobody_is_reassigned_to_a_mission_that_is_closing() -> None:
    world = closing()
    post(world, "p-3", "diplomat", "cabinet", "emb-it")
    with pytest.raises(NoPostingThere):
        world.get(StaffMember, "p-3").reassign(
            world.get(Mission, "emb-it"),
            world.mission,
            "cabinet",
            None,
            world.get(Organisation, MINISTRY),
            NOW,
        )


def test_a_reassignment_leads_elsewhere() -> None:
    world = registered()
    with pytest.raises(refuses.SameMission):
        world.get(StaffMember, "p-2").reassign(
            world.mission, world.mission, "cabinet", None, world.get(Organisation, MINISTRY), NOW
        )


@pytest.mark.parametrize("end", ["recall", "separate", "reassign"])
def test_only_the_competent_authority_ends_a_posting(end: str) -> None:
    world = registered()
    person = world.get(StaffMember, "p-1")
    to = (world.get(Mission, "emb-it"),) if end == "reassign" else ()
    ministry = (world.get(Organisation, MINISTRY),) if end == "reassign" else ()
    with pytest.raises(NotCompetent) as refused:
        getattr(person, end)(world.mission, *to, "cabinet", None, *ministry, NOW)
    assert refused.value.facts["authority"] == "presidential-council"
    assert not world.news


@pytest.mark.parametrize("end", ["recall", "separate"])
def test_a_posting_has_one_outcome(end: str) -> None:
    world = registered()
    person = world.get(StaffMember, "p-2")
    getattr(person, end)(world.mission, "cabinet", None, NOW)
    assert "p-2" not in world.mission.posted
    assert type(world.news[-1]) in (StaffRecalled, StaffSeparated, MissionStaffLeft)
    with pytest.raises(refuses.NotPosted):
        person.posted_at  # noqa: B018  (reading it is what is refused)
    with pytest.raises(refuses.NotPosted):
        person.recall(world.mission, "cabinet", None, NOW)


def test_whoever_was_recalled_may_be_posted_again_and_whoever_left_the_service_may_not() -> None:
    world = registered()
    recall(world, "p-2")
    post(world, "p-2", "administrative", "cabinet", "emb-it")
    assert world.get(StaffMember, "p-2").state is StaffState.POSTED
    world.get(StaffMember, "p-1").separate(world.mission, "presidential-council", None, NOW)
    with pytest.raises(refuses.SeparatedFromService):
        post(world, "p-1", "diplomat", "cabinet", "emb-it")


def test_nobody_unknown_is_recalled() -> None:
    world = registered()
    with pytest.raises(NotFound):
        world.get(StaffMember, "p-9").recall(world.mission, "cabinet", None, NOW)


def test_departments_and_missions_keep_their_description() -> None:
    world = registered()
    world.get(Department, "cabinet").register(Text(en="cabinet"), NOW)
    world.get(Mission, "emb-va").register(description("VA"), NOW)
    assert not world.news
    with pytest.raises(DepartmentKnownOtherwise):
        world.get(Department, "cabinet").register(Text(en="another"), NOW)
    with pytest.raises(MissionKnownOtherwise):
        world.get(Mission, "emb-va").register(description("SM"), NOW)


@pytest.mark.parametrize("further", [("MT", "SM", "MT"), ("SM", "VA")])
def test_a_mission_is_registered_once_for_each_state(further: tuple[str, ...]) -> None:
    twice = description("VA").model_copy(update={"accreditations": further})
    mission = Mission.blank("emb-x")
    with pytest.raises(AccreditedTwice) as refused:
        mission.register(twice, NOW)
    assert further[-1] in refused.value.facts["states"] and refused.value.told().ar
    assert not mission.exists


def test_a_mission_of_an_older_log_answers_for_each_state_once() -> None:
    further = ("SM", "VA", "SM", "MT")
    stored = description("VA").model_copy(update={"accreditations": further})
    mission = Mission.blank("emb-x")
    mission.record(stored, NOW)
    assert mission.states == ("VA", "SM", "MT")
    row = row_of(mission, MissionsView())
    assert [span["state"] for span in row["accredited"]] == ["VA", "SM", "MT"]
    assert row["accreditations"] == ["SM", "MT"]
    for same in (stored, stored.model_copy(update={"accreditations": ("SM", "MT")})):
        mission.register(same, NOW)
    assert mission.version == 1, "the same again changes nothing, however it was written"


def test_nobody_is_posted_to_a_closed_mission() -> None:
    world = closable()
    world.mission.finish_closing((), NOW)
    with pytest.raises(NoPostingThere):
        post(world, "p-9", "diplomat", "cabinet")


def closed_with_somebody_posted(after: int) -> World:
    """A diplomat is still there: condition 5 was waived. `after` steps followed the closing."""
    world = closing()
    set_dates(world, world.mission, PUBLIC_ON, OFFICIAL_ON, NOW)
    for condition in range(1, 13):
        evidence(world, condition)
    recall(world, "p-1")
    sign(world, *SIGNATORIES)
    waive(world.mission, 5, "55/2025", WHY, Actor(subject="issuer-1", role="issuer"), NOW)
    close(gather(world, world.mission), NOW, with_reservations=True)
    for step in (phases.settle, phases.archive)[:after]:
        step(world.mission, "39/2026", NOW)
    return world.forget_news()


@pytest.mark.parametrize("end", list(StaffOutcome))
@pytest.mark.parametrize("after", [0, 1, 2])
def test_whoever_is_still_posted_to_a_mission_that_is_over_gets_an_outcome(
    after: int, end: StaffOutcome
) -> None:
    world = closed_with_somebody_posted(after)
    state, person = world.mission.state, world.get(StaffMember, "p-2")
    match end:
        case StaffOutcome.REASSIGNED:
            ministry = world.get(Organisation, MINISTRY)
            person.reassign(world.mission, world.get(Mission, "emb-it"), "cabinet", "5/2026", ministry, NOW)
        case StaffOutcome.RECALLED:
            person.recall(world.mission, "cabinet", "5/2026", NOW)
        case StaffOutcome.SEPARATED:
            person.separate(world.mission, "cabinet", "5/2026", NOW)
    assert (world.mission.posted, world.mission.state) == ({}, state)
    assert world.mission.left == {"p-1": "recalled", "p-2": end.value}
    assert world.get(Mission, "emb-it").posted == (
        {"p-2": "diplomat"} if end is StaffOutcome.REASSIGNED else {}
    )
