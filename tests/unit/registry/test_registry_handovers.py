"""The handover of a mission: each closing condition unmet alone by what is known; rules of its ledgers."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from services.registry.amending import Amendment, ChangedRow, amend
from services.registry.closing import close, examine, gather
from services.registry.decree import Decree
from services.registry.handover import Handover, custody, estate, people, representation
from services.registry.handover import refusals as refuses
from services.registry.handover.entering import check_takes_entries
from services.registry.handover.keeping import check_keeper
from services.registry.measure.ordering import order
from services.registry.mission import Mission, MissionState, phases
from services.registry.mission.dates import set_dates
from services.registry.mission.evidencing import waive
from services.registry.mission.refusals import ClosingConditionsUnmet, MissionNotClosing, MissionNotOpen
from shared.contracts.registry import (
    Disposal,
    Disposition,
    HandoverArchiveListed,
    HandoverArchiveReleased,
    HandoverItemsCounted,
    HandoverReopened,
    HandoverSigned,
    ItemKind,
    MissionAccredited,
    MissionReopened,
    Signatory,
    SigningSide,
    Succession,
)
from shared.domain import Actor, Change, Moment, NotFound, Text
from shared.domain.moment import BeforeWhatItFollows
from shared.eventstore import snapshots
from tests.unit.registry.world import (
    MEASURE,
    NOON,
    NOW,
    OFFICIAL_ON,
    PUBLIC_ON,
    SIGNATORIES,
    World,
    closable,
    closing,
    declare,
    draft,
    evidence,
    listed,
    recall,
    registered,
    sign,
    sign_as,
)

REFERENCE = "12/2025"
TITLE = Text(en="Unit", ar="وحدة")

Entry = Callable[[World], None]


def entry(rule: Callable[..., None], *values: Any) -> Entry:
    """An entry in the ledger of the mission that closes, of the world's moment."""
    return lambda world: rule(world.handover, world.mission, *values, world.moment)


def items(quantity: int) -> Entry:
    return entry(custody.count_items, "round-seals", ItemKind.SEAL, quantity)


def dispose(quantity: int, disposal: Disposal = Disposal.RETURNED) -> Entry:
    return entry(custody.dispose_items, "round-seals", quantity, disposal, REFERENCE)


def archive(held: bool = False) -> Entry:
    return entry(custody.list_archive, "a-1", TITLE, held)


def destroy(*witnesses: str) -> Entry:
    return entry(custody.destroy_archive, "a-1", witnesses, REFERENCE)


def release(actor: Actor | None = None) -> Entry:
    return entry(custody.release_archive, "a-1", REFERENCE, actor or BUREAU)


BUREAU = Actor(subject="bureau-1", role="auditor")
PLACE = entry(custody.place_archive, "a-1", "central-archives", REFERENCE)
EMPLOYEE = entry(people.list_employee, "l-00000001")
NOTIFY = entry(people.notify_employee, "l-00000001", REFERENCE)
PREMISES = entry(estate.list_premises, "chancery", TITLE, True)
LEASE_ENDED = entry(estate.dispose_premises, "chancery", Disposition.LEASE_ENDED, "property", REFERENCE)
OWNED = entry(estate.list_premises, "chancery", TITLE, False)
SOLD = entry(estate.dispose_premises, "chancery", Disposition.SOLD, "property", REFERENCE)
CASES = entry(representation.count_cases, "passports", 5)


def stop(on: date) -> Entry:
    return lambda world: estate.set_stop_date(world, world.handover, world.mission, on, world.moment)


STOP = stop(date(2025, 5, 1))
COMMITMENT = entry(estate.enter_commitment, "internet", TITLE, date(2025, 12, 31))


def settle(
    succession: Succession, successor: str | None = None, power: str | None = None, state: str = "SM"
) -> Entry:
    def made(world: World) -> None:
        heir = None if successor is None else world.get(Mission, successor)
        representation.settle_state(
            world.handover, world.mission, state, succession, heir, power, REFERENCE, world.moment
        )

    return made


def unmet(world: World) -> list[tuple[int, str]]:
    """The conditions that do not hold, each with the first thing that it lacks."""
    found = examine(gather(world, world.mission))
    return [(one.condition, one.missing[0].en or "") for one in found if not one.holds]


def unmet_numbers(world: World) -> list[int]:
    return [number for number, _ in unmet(world)]


@pytest.mark.parametrize(
    ("condition", "entries", "told", "mending"),
    [
        (4, [CASES], "5 open cases", entry(representation.assign_cases, "passports", 5, "consular", "1/2")),
        (6, [EMPLOYEE], "was not notified", None),
        (
            6,
            [EMPLOYEE, NOTIFY],
            "no claim is recorded",
            entry(people.settle_employee, "l-00000001", REFERENCE),
        ),
        (6, [EMPLOYEE, NOTIFY], "not settled", entry(people.record_claim, "l-00000001", REFERENCE)),
        (7, [archive()], "neither placed nor destroyed", PLACE),
        (7, [archive()], "a-1", destroy("w-1", "w-2")),
        (7, [archive(held=True)], "held from destruction", PLACE),
        (8, [items(3)], "3 of round-seals", dispose(3)),
        (8, [items(3), dispose(2)], "1 of round-seals", dispose(1, Disposal.DESTROYED)),
        (9, [PREMISES], "no custodian", LEASE_ENDED),
        (9, [OWNED], "no custodian", SOLD),
        (
            10,
            [entry(estate.count_assets, "vehicles", 2)],
            "2 assets of vehicles",
            entry(estate.dispose_assets, "vehicles", 2, Disposal.SOLD, REFERENCE),
        ),
        (11, [COMMITMENT], "stop date", None),
        (
            11,
            [COMMITMENT, STOP],
            "after the stop date 2025-05-01",
            entry(estate.end_commitment, "internet", date(2025, 5, 1), REFERENCE),
        ),
    ],
)
def test_each_condition_is_unmet_alone_by_what_is_known_until_it_is_mended(
    condition: int, entries: list[Entry], told: str, mending: Entry | None
) -> None:
    world = closable()
    for made in entries:
        made(world)
    sign(world, *SIGNATORIES)
    ((number, missing),) = unmet(world)
    assert number == condition and told in missing
    with pytest.raises(ClosingConditionsUnmet):
        close(gather(world, world.mission), NOW)
    if mending is not None:
        mending(world)
        assert unmet_numbers(world) == [12]
        sign(world, *SIGNATORIES)
        close(gather(world, world.mission), NOW)
        assert world.mission.state is MissionState.CLOSED


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


def transfer(to: str) -> Entry:
    def made(world: World) -> None:
        district = world.get(Mission, to)
        representation.transfer_district(world.handover, world.mission, district, REFERENCE, world.moment)

    return made


@pytest.mark.parametrize(
    ("given", "then"),
    [
        ([archive(held=True), release()], destroy("w-1", "w-2")),
        ([archive()], archive(held=True)),
        ([archive()], PLACE),
        ([archive(held=True)], release()),
        ([items(3)], dispose(3)),
        ([EMPLOYEE], NOTIFY),
        ([EMPLOYEE, NOTIFY], entry(people.settle_employee, "l-00000001", REFERENCE)),
        ([EMPLOYEE, NOTIFY], entry(people.record_claim, "l-00000001", REFERENCE)),
        ([PREMISES], LEASE_ENDED),
        ([PREMISES, LEASE_ENDED], LEASE_ENDED),
        (
            [entry(estate.count_assets, "vehicles", 2)],
            entry(estate.dispose_assets, "vehicles", 2, Disposal.SOLD, REFERENCE),
        ),
        ([STOP], stop(date(2025, 5, 2))),
        ([COMMITMENT], entry(estate.end_commitment, "internet", date(2025, 5, 1), REFERENCE)),
        ([CASES], entry(representation.assign_cases, "passports", 5, "consular", "1/2")),
        ([CASES], entry(representation.count_cases, "passports", 6)),
        ([settle(Succession.GAP)], settle(Succession.SUCCESSOR, "emb-fr")),
        ([transfer("emb-it")], transfer("emb-fr")),
    ],
)
def test_an_act_is_of_no_moment_before_the_last_act_on_the_same_entry(
    given: list[Entry], then: Entry
) -> None:
    world = registered()
    for made in given:
        made(world)
    # Another entry in between bounds nothing.
    entry(custody.list_archive, "a-2", TITLE, False)(world)
    world.forget_news()
    world.moment = Moment(NOON, NOON - timedelta(seconds=1))
    with pytest.raises(BeforeWhatItFollows):
        then(world)
    assert not world.news
    entry(custody.list_archive, "a-3", TITLE, False)(world)
    world.moment = NOW
    then(world)
    assert world.news


def test_what_was_held_once_is_not_destroyed_before_its_release_however_it_was_told() -> None:
    world = registered()
    for made, hours in ((archive(held=True), -9), (release(), -3), (archive(held=True), -2), (release(), -1)):
        world.moment = Moment(NOON, NOON + timedelta(hours=hours))
        made(world)
    for hours in (-8, -2):
        world.moment = Moment(NOON, NOON + timedelta(hours=hours))
        with pytest.raises(BeforeWhatItFollows):
            destroy("w-1", "w-2")(world)
    world.moment = Moment(NOON, NOON - timedelta(hours=1))
    destroy("w-1", "w-2")(world)


def test_snapshots_hold_the_moments_and_signers_of_a_handover() -> None:
    world = closable()
    archive()(world)
    original, copy = world.handover, Handover.blank("emb-va")
    snapshots.restore(copy, snapshots.dump(original))
    assert snapshots.dump(copy) == snapshots.dump(original) and copy.acted_at == {"archives/a-1": NOON}


def test_what_oversight_released_is_destroyed_before_two_others() -> None:
    world = closable()
    archive(held=True)(world)
    deputy = Actor(subject="deputy-1", role="controller", on_behalf_of="bureau-1")
    release(deputy)(world)
    released = HandoverArchiveReleased(
        mission="emb-va", item="a-1", by=("deputy-1", "bureau-1"), reference=REFERENCE
    )
    assert world.news[-1] == released
    for witnesses in (("deputy-1", "w-1"), ("w-1", "bureau-1")):
        with pytest.raises(refuses.ReleasedByWitness):
            destroy(*witnesses)(world)
    destroy("w-1", "w-2")(world)
    assert unmet_numbers(world) == [12]


def test_a_hold_that_an_entry_ended_before_that_was_refused_is_still_read_as_ended() -> None:
    world = closable()
    for held in (True, False):
        listing = HandoverArchiveListed(mission="emb-va", item="a-1", title=TITLE, held=held)
        world.handover.record(listing, NOW)
    destroy("w-1", "w-2")(world)
    assert unmet_numbers(world) == [12]


@pytest.mark.parametrize(
    ("on", "refusal"),
    [
        (date(1990, 1, 1), refuses.StopBeforeDecree),
        (date(2025, 4, 29), refuses.StopBeforeDecree),
        (date(2025, 4, 30), None),
        (OFFICIAL_ON, None),
        (date(2025, 12, 1), refuses.StopAfterClosing),
        (date(2199, 1, 1), refuses.StopAfterClosing),
    ],
)
def test_commitments_stop_between_the_decree_and_the_official_closing(
    on: date, refusal: type[Exception] | None
) -> None:
    world = closable()
    if refusal is None:
        stop(on)(world)
        assert world.handover.stop_date == on and unmet_numbers(world) == [12]
        return
    with pytest.raises(refusal):
        stop(on)(world)
    assert not world.news


def test_a_stop_date_that_the_official_closing_comes_to_lie_before_is_lacking() -> None:
    world = listed()
    stop(date(2199, 1, 1))(world)
    assert order(world, world.measure, NOW)
    set_dates(world, world.mission, PUBLIC_ON, OFFICIAL_ON, NOW)
    told = "The stop date {} is after the official closing on {}."
    evidence(world, 11)
    assert dict(unmet(world))[11] == told.format("2199-01-01", "2025-05-05")
    stop(OFFICIAL_ON)(world)
    assert 11 not in dict(unmet(world))
    set_dates(world, world.mission, PUBLIC_ON, PUBLIC_ON, NOW)
    assert dict(unmet(world))[11] == told.format("2025-05-05", "2025-05-04")


def test_a_state_may_get_another_successor_than_the_receiver() -> None:
    world = closable()
    settle(Succession.SUCCESSOR, "emb-fr")(world)
    sign(world, *SIGNATORIES)
    close(gather(world, world.mission), NOW)
    gained = {event.mission: event.state for event in world.news if isinstance(event, MissionAccredited)}
    assert gained == {"emb-it": "VA", "emb-fr": "SM"}


@pytest.mark.parametrize("made", [settle(Succession.GAP), settle(Succession.PROTECTING_POWER, power="IT")])
def test_a_state_may_be_left_to_a_protecting_power_or_by_decision_to_nobody(made: Entry) -> None:
    world = closable()
    made(world)
    sign(world, *SIGNATORIES)
    close(gather(world, world.mission), NOW)
    assert world.get(Mission, "emb-it").states == ("IT", "VA")


def test_a_closing_without_a_receiver_settles_every_state() -> None:
    world = closable()
    assert world.mission.closing is not None
    world.mission.closing = world.mission.closing.model_copy(update={"receiver": None})
    assert unmet_numbers(world) == [3]
    settle(Succession.GAP)(world)
    assert "VA has no successor" in unmet(world)[0][1]
    settle(Succession.GAP, state="VA")(world)
    assert unmet_numbers(world) == [12]


@pytest.mark.parametrize(
    "made",
    [
        settle(Succession.SUCCESSOR),
        settle(Succession.GAP, "emb-fr"),
        settle(Succession.PROTECTING_POWER),
        settle(Succession.PROTECTING_POWER, power="SM"),
        settle(Succession.GAP, power="IT"),
    ],
)
def test_who_succeeds_is_said_in_one_way(made: Entry) -> None:
    with pytest.raises(refuses.SuccessionUnclear):
        made(closing())


def test_only_states_that_the_mission_answers_for_are_settled() -> None:
    with pytest.raises(refuses.NotAccreditedThere):
        settle(Succession.GAP, state="FR")(closing())


def test_a_successor_is_another_mission_that_is_open() -> None:
    world = also_closing()
    with pytest.raises(MissionNotOpen):
        settle(Succession.SUCCESSOR, "emb-fr")(world)
    with pytest.raises(NotFound):
        settle(Succession.SUCCESSOR, "emb-xx")(world)
    for given in (world, registered()):
        with pytest.raises(refuses.OwnSuccessor):
            settle(Succession.SUCCESSOR, "emb-va")(given)


def also_closing() -> World:
    """The embassy to France is closing, too."""
    world = closing()
    world.get(Mission, "emb-fr").announce_closing("298-2025", "298-2025-a2-r02", None, NOW)
    return world.forget_news()


@pytest.mark.parametrize(
    ("keeper", "refusal"),
    [
        ("emb-va", refuses.OwnSuccessor),
        ("emb-fr", MissionNotOpen),
        ("nobody", NotFound),
        ("emb-it", None),
        ("cabinet", None),
    ],
)
def test_cases_and_premises_go_to_a_department_or_to_another_mission_that_is_open(
    keeper: str, refusal: type[Exception] | None
) -> None:
    world = also_closing()
    if refusal is None:
        check_keeper(world, world.mission, keeper)
        return
    with pytest.raises(refusal):
        check_keeper(world, world.mission, keeper)


def test_nothing_is_kept_by_the_mission_itself_even_before_its_closing_is_announced() -> None:
    world = registered()
    with pytest.raises(refuses.OwnSuccessor):
        check_keeper(world, world.mission, "emb-va")


@pytest.mark.parametrize(
    ("given", "then", "refusal"),
    [
        ([], dispose(1), refuses.NotListed),
        ([items(3)], dispose(4), refuses.MoreThanThere),
        ([items(3)], dispose(1, Disposal.SOLD), refuses.NotForItems),
        ([items(3), dispose(1)], items(3), refuses.AlreadyCounted),
        ([], PLACE, refuses.NotListed),
        ([archive(), PLACE], PLACE, refuses.AlreadySettled),
        ([archive(), PLACE], archive(held=True), refuses.AlreadySettled),
        ([archive(held=True)], destroy("w-1", "w-2"), refuses.HeldFromDestruction),
        ([archive(held=True)], archive(), refuses.OversightReleases),
        ([archive(held=True), release(), archive(held=True)], archive(), refuses.OversightReleases),
        ([archive(held=True), PLACE], release(), refuses.AlreadySettled),
        ([archive()], release(), refuses.NotHeld),
        ([archive(held=True), release()], release(), refuses.NotHeld),
        ([], release(), refuses.NotListed),
        ([archive(held=True), release()], destroy("w-1", "bureau-1"), refuses.ReleasedByWitness),
        (
            [archive(held=True), release(), archive(held=True), release(SIGNATORIES[Signatory.INSPECTION])],
            destroy("bureau-1", "w-1"),
            refuses.ReleasedByWitness,
        ),
        ([archive()], destroy("w-1", "w-1"), refuses.TwoWitnesses),
        ([], NOTIFY, refuses.NotListed),
        ([EMPLOYEE], entry(people.settle_employee, "l-00000001", "1"), refuses.NoticeFirst),
        (
            [EMPLOYEE, NOTIFY, entry(people.settle_employee, "l-00000001", "1")],
            entry(people.record_claim, "l-00000001", "1"),
            refuses.EmployeeSettled,
        ),
        ([], LEASE_ENDED, refuses.NotListed),
        ([PREMISES], SOLD, refuses.LeasedNotSold),
        ([], entry(representation.assign_cases, "passports", 1, "consular", "1"), refuses.NotListed),
        (
            [CASES],
            entry(representation.assign_cases, "passports", 6, "consular", "1"),
            refuses.MoreThanThere,
        ),
        (
            [CASES, entry(representation.assign_cases, "passports", 5, "consular", "1")],
            entry(representation.count_cases, "passports", 4),
            refuses.FewerThanAccounted,
        ),
        (
            [entry(estate.count_assets, "vehicles", 2)],
            entry(estate.dispose_assets, "vehicles", 3, Disposal.SOLD, "1"),
            refuses.MoreThanThere,
        ),
        (
            [entry(estate.count_assets, "vehicles", 2)],
            entry(estate.count_assets, "vehicles", 3),
            refuses.AlreadyCounted,
        ),
        ([], entry(estate.dispose_assets, "vehicles", 1, Disposal.SOLD, "1"), refuses.NotListed),
        (
            [COMMITMENT],
            entry(estate.enter_commitment, "internet", TITLE, date(2026, 1, 1)),
            refuses.CommitmentKnown,
        ),
        (
            [COMMITMENT],
            entry(estate.end_commitment, "internet", date(2026, 1, 1), "1"),
            refuses.CommitmentKnown,
        ),
        ([], entry(estate.end_commitment, "internet", date(2025, 1, 1), "1"), refuses.NotListed),
    ],
)
def test_what_does_not_add_up_is_refused(given: list[Entry], then: Entry, refusal: type[Exception]) -> None:
    world = registered()
    for made in given:
        made(world)
    world.forget_news()
    with pytest.raises(refusal) as refused:
        then(world)
    assert not world.news
    told = refused.value.told()  # type: ignore[attr-defined]
    assert told.en and told.ar and "{" not in told.en + told.ar


@pytest.mark.parametrize(
    ("given", "again"),
    [
        ([items(3)], items(3)),
        ([archive()], archive()),
        ([archive(), archive(held=True)], archive(held=True)),
        ([archive(held=True), release()], archive()),
        ([EMPLOYEE], EMPLOYEE),
        ([EMPLOYEE, NOTIFY], NOTIFY),
        ([PREMISES], PREMISES),
        ([CASES], CASES),
        ([STOP], STOP),
        ([COMMITMENT], COMMITMENT),
    ],
)
def test_what_is_known_is_no_news(given: list[Entry], again: Entry) -> None:
    world = registered()
    for made in given:
        made(world)
    world.forget_news()
    again(world)
    assert not world.news


def test_nothing_is_entered_for_a_mission_that_is_not_there() -> None:
    for made in (items(1), archive(), EMPLOYEE, PREMISES, CASES, STOP, COMMITMENT):
        with pytest.raises(NotFound):
            made(World())


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


def test_what_is_known_already_voids_no_signature() -> None:
    world = closing()
    items(3)(world)
    sign(world, Signatory.OUTGOING)
    items(3)(world)
    assert list(world.handover.signatures) == ["outgoing"]


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


def reserved(*conditions: int) -> World:
    """The mission is closed, with reservations for these conditions; one employee still claims something."""
    world = closing()
    for made in (EMPLOYEE, NOTIFY, entry(people.record_claim, "l-00000001", REFERENCE), archive(), items(3)):
        made(world)
    set_dates(world, world.mission, PUBLIC_ON, OFFICIAL_ON, NOW)
    for condition in range(1, 13):
        evidence(world, condition)
    for staff in ("p-1", "p-2"):
        recall(world, staff)
    for condition, mended in ((7, PLACE), (8, dispose(3))):
        if condition in conditions:
            waive(world.mission, condition, "55/2025", TITLE, Actor(subject="i-1", role="issuer"), NOW)
        else:
            mended(world)
    sign(world, *SIGNATORIES)
    close(gather(world, world.mission), NOW, with_reservations=True)
    return world.forget_news()


def test_a_closed_mission_takes_only_what_its_reservations_leave_to_settle() -> None:
    world = reserved(7)
    with pytest.raises(refuses.NotLeftToSettle) as refused:
        entry(custody.count_items, "seal-10", ItemKind.SEAL, 1)(world)
    assert (refused.value.facts["condition"], refused.value.facts["reserved"]) == (8, "7")
    assert refused.value.told().ar and not world.news
    PLACE(world)
    assert len(world.news) == 1 and set(world.handover.signatures) == {one.value for one in Signatory}


def test_a_mission_that_closed_without_reservations_takes_nothing_but_what_settles_a_claim() -> None:
    world = reserved()
    for made in (archive(held=False), entry(custody.count_items, "seal-10", ItemKind.SEAL, 1), CASES, STOP):
        with pytest.raises((refuses.LedgerClosed, refuses.AlreadySettled)):
            made(world)
    assert not world.news
    entry(people.settle_employee, "l-00000001", REFERENCE)(world)
    assert len(world.news) == 1 and world.handover.signatures


def test_what_was_reserved_at_a_closing_is_not_once_the_mission_is_open_again() -> None:
    world = reserved(7)
    assert world.mission.reserved == (7,)
    world.mission.record(MissionReopened(decree="298-2025", measure=MEASURE), NOW)
    assert world.mission.reserved == ()


@pytest.mark.parametrize("steps", range(4))
def test_a_handover_is_looked_into_until_the_accounts_of_the_mission_are_settled(steps: int) -> None:
    world = closable()
    ways = (
        lambda: close(gather(world, world.mission), NOW),
        lambda: phases.settle(world.mission, "39/2026", NOW),
        lambda: phases.archive(world.mission, "40/2026", NOW),
    )
    for way in ways[:steps]:
        way()
    if steps < 2:
        assert check_takes_entries(world.mission) is world.mission
        return
    with pytest.raises(refuses.LedgerClosed) as refused:
        check_takes_entries(world.mission)
    assert refused.value.facts["state"] == ("settled" if steps == 2 else "archived")


def test_nobody_keeps_a_handover_of_a_mission_that_is_not_there() -> None:
    with pytest.raises(NotFound):
        check_takes_entries(World().mission)
