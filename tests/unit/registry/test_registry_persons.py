"""What may be recorded of a person, when it may be erased, and that no state holds any of it."""

import pytest

from services.registry.staff import StaffMember, refusals
from services.registry.staff.person import PersonalData
from shared.contracts.registry import ErasureReason, StaffErased, StaffPersonRecorded
from shared.domain import NotFound
from shared.eventstore import snapshots
from shared.eventstore.sealing.cipher import PersonKey
from tests.unit.registry.world import NOW, World, post, recall, registered

DETAILS = {"name_arabic": "سالم المبروك", "born_on": "1980-02-03", "email": "salem@private.example"}
KEY = PersonKey("0" * 32, "staff.p-1", bytes(32))
WHY = (ErasureReason.REQUESTED, "HR/14")


def known() -> World:
    world = registered()
    member(world).record_person(DETAILS, KEY.seal, NOW)
    return world


def member(world: World, id: str = "p-1") -> StaffMember:
    return world.get(StaffMember, id)


def erased() -> World:
    world = known()
    recall(world, "p-1")
    member(world).erase(None, *WHY, NOW)
    return world.forget_news()


def test_a_person_is_recorded_with_tokens_alone() -> None:
    world = registered()
    version = member(world).version
    member(world).record_person(DETAILS, KEY.seal, NOW)
    (event,) = (event for event in world.news if isinstance(event, StaffPersonRecorded))
    assert event.sealed() == {
        field: KEY.seal("staff.p-1", version + 1, field, text) for field, text in DETAILS.items()
    }
    assert (member(world).personal_data, member(world).recorded_in) == (PersonalData.RECORDED, version + 1)


def test_nobody_is_born_on_a_day_to_come() -> None:
    world = registered()
    with pytest.raises(refusals.NotBornYet) as refused:
        member(world).record_person(DETAILS | {"born_on": "2025-05-07"}, KEY.seal, NOW)
    told = refused.value.told()
    assert told.en and told.ar and "2025-05-07" not in told.en + told.ar
    assert refused.value.facts == {"staff": "p-1"} and not world.news
    member(world).record_person(DETAILS | {"born_on": "2025-05-05"}, KEY.seal, NOW)


def test_a_correction_is_all_that_is_known_from_then_on() -> None:
    world = known()
    member(world).record_person({"name_latin": "Salem"}, KEY.seal, NOW)
    assert member(world).recorded_in == member(world).version
    assert list(world.news[-1].sealed()) == ["name_latin"]


def test_no_snapshot_holds_personal_data_or_tokens() -> None:
    world = known()
    state = snapshots.dump(member(world))
    assert b"1:" + KEY.id.encode() not in state
    assert not any(text.encode() in state for text in DETAILS.values())
    copy = StaffMember.blank("p-1")
    snapshots.restore(copy, state)
    assert (copy.personal_data, copy.recorded_in) == (PersonalData.RECORDED, member(world).recorded_in)


def test_nothing_is_recorded_of_whoever_does_not_exist() -> None:
    with pytest.raises(NotFound):
        member(registered(), "p-9").record_person(DETAILS, KEY.seal, NOW)


def test_a_posted_person_is_not_erased() -> None:
    world = known()
    with pytest.raises(refusals.StillPosted):
        member(world).erase(member(world).mission, *WHY, NOW)


def test_only_what_was_recorded_is_erased() -> None:
    world = registered()
    recall(world, "p-1")
    with pytest.raises(refusals.NothingToErase):
        member(world).erase(None, *WHY, NOW)
    with pytest.raises(NotFound):
        member(world, "p-9").erase(None, *WHY, NOW)


def test_an_erasure_is_recorded_once_and_for_good() -> None:
    world = erased()
    assert member(world).personal_data is PersonalData.ERASED
    with pytest.raises(refusals.StaffMemberErased):
        member(world).erase(None, *WHY, NOW)
    with pytest.raises(refusals.StaffMemberErased):
        member(world).record_person(DETAILS, KEY.seal, NOW)
    with pytest.raises(refusals.StaffMemberErased):
        post(world, "p-1", "diplomat", "cabinet", "emb-it")
    assert world.news == []


def test_an_erasure_that_the_log_lost_is_recorded_again_whatever_the_state() -> None:
    world = known().forget_news()
    member(world).erase_again(*WHY, "admin-1", NOW)
    member(world).erase_again(*WHY, "admin-2", NOW)
    member(world, "p-9").erase_again(*WHY, "admin-1", NOW)
    again = StaffErased(reason=ErasureReason.REQUESTED, basis="HR/14", erased_by="admin-1")
    assert world.news == [again]
