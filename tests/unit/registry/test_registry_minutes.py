"""The closing minutes: three people sign them, and they are of the ledger as it stands."""

from datetime import date, timedelta

import pytest

from services.registry.amending import Amendment, ChangedRow, amend
from services.registry.closing import close, gather
from services.registry.decree import Decree
from services.registry.handover import refusals as refuses
from services.registry.handover import representation
from services.registry.mission import Mission
from services.registry.mission.redirecting import redirect
from services.registry.mission.refusals import MissionNotClosing
from shared.contracts.registry import (
    HandoverItemsCounted,
    HandoverReopened,
    HandoverSigned,
    HandoverStateSettled,
    Signatory,
    SigningSide,
    Succession,
)
from shared.domain import Actor, Change, Moment
from shared.domain.moment import BeforeWhatItFollows
from tests.unit.registry.ledger import (
    Entry,
    dispose,
    entry,
    items,
    settle,
    unmet,
    unmet_numbers,
)
from tests.unit.registry.world import (
    MEASURE,
    NOON,
    NOW,
    SIGNATORIES,
    closable,
    closing,
    declare,
    draft,
    listed,
    sign,
    sign_as,
)


@pytest.mark.parametrize("missing", list(Signatory))
def test_three_people_sign_before_the_mission_closes(missing: Signatory) -> None:
    world = closable()
    del world.handover.signatures[missing.value]
    ((number, _),) = unmet(world)
    assert number == 12


def test_nobody_signs_in_two_capacities_not_even_for_another() -> None:
    world = closing()
    outgoing = SIGNATORIES[Signatory.OUTGOING]
    sign_as(world, Signatory.OUTGOING, outgoing)
    same = SIGNATORIES[Signatory.INSPECTION].model_copy(update={"subject": outgoing.subject})
    stand_in = same.model_copy(update={"subject": "deputy-1", "on_behalf_of": outgoing.subject})
    for actor in (same, stand_in):
        with pytest.raises(refuses.SignedInAnotherCapacity):
            sign_as(world, Signatory.INSPECTION, actor)
    with pytest.raises(refuses.AlreadySigned):
        sign_as(world, Signatory.OUTGOING, outgoing)


def test_whoever_signed_for_somebody_signs_for_nobody_else() -> None:
    world = closing()
    declare(world, "cabinet", SigningSide.RECEIVING)
    dodger = {"subject": "dodger", "role": "department"}
    inspection = Actor(**dodger, department="inspection", on_behalf_of="insp-head")
    sign_as(world, Signatory.INSPECTION, inspection)
    assert world.news[-1] == HandoverSigned(
        mission="emb-va", signatory=Signatory.INSPECTION, by="insp-head", deputy="dodger", reference="38/2025"
    )
    head = SIGNATORIES[Signatory.OUTGOING]
    for signatory, actor in (
        (Signatory.RECEIVING, Actor(**dodger, department="cabinet", on_behalf_of="recv-head")),
        (Signatory.OUTGOING, head.model_copy(update={"subject": "dodger"})),
        (Signatory.OUTGOING, head.model_copy(update={"subject": "deputy-1", "on_behalf_of": "dodger"})),
    ):
        with pytest.raises(refuses.SignedInAnotherCapacity):
            sign_as(world, signatory, actor)
    assert (world.handover.signatures, world.handover.deputies) == (
        {"inspection": "insp-head"},
        {"inspection": "dodger"},
    )


def test_a_signature_of_before_deputies_were_kept_is_read_without_one() -> None:
    world = closing()
    old = '{"mission": "emb-va", "signatory": "outgoing", "by": "head-1", "reference": "38/2025"}'
    world.handover.record(HandoverSigned.model_validate_json(old), NOW)
    assert (world.handover.signatures, world.handover.deputies) == ({"outgoing": "head-1"}, {})


def test_only_a_closing_mission_has_minutes_to_sign() -> None:
    world = listed()
    with pytest.raises(MissionNotClosing):
        sign_as(world, Signatory.OUTGOING, SIGNATORIES[Signatory.OUTGOING])


def test_an_amendment_to_another_receiver_voids_the_signatures() -> None:
    world = closable()
    later = world.get(Decree, "401-2025")
    later.issue(draft(number=401, articles=(), announced_on=date(2025, 5, 2), procedure=None), NOW)
    later.enter_into_force(date(2025, 5, 3), NOW)
    change = Amendment("401-2025", date(2025, 5, 4), rows_changed=(ChangedRow(MEASURE, receiver="emb-fr"),))
    amend(world, world.decree, change, NOW)
    assert unmet_numbers(world) == [3, 4, 12]
    assert world.handover.signatures == {}


def test_a_change_of_the_ledger_voids_the_signatures_and_says_why() -> None:
    world = closable()
    items(5)(world)
    counted, voided = world.news
    assert isinstance(counted, HandoverItemsCounted)
    assert isinstance(voided, HandoverReopened)
    assert voided.reason.en == "The ledger was changed after they were given (items/round-seals)."
    assert voided.reason.ar == "تغيّر السجل بعد إعطائها (items/round-seals)."
    assert unmet_numbers(world) == [8, 12]
    dispose(5)(world)
    sign(world, *SIGNATORIES)
    close(gather(world, world.mission), NOW)


SAME_AGAIN = [
    items(3),
    settle(Succession.SUCCESSOR, "emb-fr"),
    settle(Succession.PROTECTING_POWER, power="IT"),
]


@pytest.mark.parametrize("entered", SAME_AGAIN)
def test_what_is_known_already_voids_no_signature(entered: Entry) -> None:
    world = closing()
    entered(world)
    sign(world, Signatory.OUTGOING)
    world.forget_news()
    entered(world)
    assert not world.news
    assert list(world.handover.signatures) == ["outgoing"]


def test_a_state_that_is_settled_by_another_letter_is_another_entry() -> None:
    world = closing()
    settle(Succession.GAP)(world)
    (settled,) = world.news
    assert isinstance(settled, HandoverStateSettled)
    world.forget_news()
    gap = (Succession.GAP, None, None, "13/2025")
    entry(representation.settle_state, "SM", *gap)(world)
    assert world.news == [settled.model_copy(update={"reference": "13/2025"})]


def hours(number: int) -> Moment:
    return Moment(NOON + timedelta(days=1), NOON + timedelta(hours=number))


def test_who_signs_anew_does_so_after_what_voided_the_former_signatures() -> None:
    # Given one signature, and an entry of a moment before it that voids it as of its own moment,
    world = closing()
    sign_as(world, Signatory.OUTGOING, SIGNATORIES[Signatory.OUTGOING], hours(9))
    world.moment = hours(3)
    items(3)(world)
    world.forget_news()
    # when somebody signs as of between the two, then it is refused; and taken as of the voiding.
    for signatory, actor in SIGNATORIES.items():
        with pytest.raises(BeforeWhatItFollows):
            sign_as(world, signatory, actor, hours(8))
        assert not world.news
        sign_as(world, signatory, actor, hours(9))
        world.forget_news()


def test_nobody_signs_as_of_before_the_receiver_to_which_the_mission_goes() -> None:
    world = closing()
    redirect(world.mission, world.get(Mission, "emb-it"), world.get(Mission, "emb-fr"), hours(9))
    with pytest.raises(BeforeWhatItFollows):
        sign_as(world, Signatory.OUTGOING, SIGNATORIES[Signatory.OUTGOING], hours(8))
    sign_as(world, Signatory.OUTGOING, SIGNATORIES[Signatory.OUTGOING], hours(9))


def test_signatures_follow_the_last_change_of_the_ledger_and_are_not_voided_before_they_were_given() -> None:
    world = closing()
    world.mission.stepped_at = world.mission.closing_at = None
    world.moment = Moment(NOON, NOON - timedelta(hours=2))
    items(3)(world)
    with pytest.raises(BeforeWhatItFollows):
        sign_as(
            world,
            Signatory.OUTGOING,
            SIGNATORIES[Signatory.OUTGOING],
            Moment(NOON, NOON - timedelta(hours=3)),
        )
    sign(world, Signatory.OUTGOING)
    dispose(3)(world)
    *_, last = world.handover.pending_events
    assert isinstance(last, Change) and isinstance(last.event, HandoverReopened)
    assert last.effective_at == NOON, "the entry is of an earlier moment than the signature"
