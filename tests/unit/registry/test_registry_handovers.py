"""The handover of a mission: each closing condition unmet alone by what is known; rules of its ledgers."""

from datetime import date, timedelta

import pytest

from services.registry.closing import close, gather
from services.registry.handover import Handover, custody, estate, people, representation
from services.registry.handover import refusals as refuses
from services.registry.handover.keeping import check_keeper
from services.registry.measure.ordering import order
from services.registry.mission import Mission, MissionState
from services.registry.mission.dates import set_dates
from services.registry.mission.refusals import ClosingConditionsUnmet, MissionNotOpen
from shared.contracts.registry import (
    Disposal,
    HandoverArchiveListed,
    HandoverArchiveReleased,
    MissionAccredited,
    Signatory,
    Succession,
)
from shared.domain import Actor, Moment, NotFound
from shared.domain.moment import BeforeWhatItFollows
from shared.eventstore import snapshots
from tests.unit.registry.ledger import (
    CASES,
    COMMITMENT,
    EMPLOYEE,
    LEASE_ENDED,
    NOTIFY,
    OWNED,
    PLACE,
    PREMISES,
    REFERENCE,
    SOLD,
    STOP,
    TITLE,
    Entry,
    archive,
    destroy,
    dispose,
    entry,
    items,
    release,
    settle,
    stop,
    unmet,
    unmet_numbers,
)
from tests.unit.registry.world import (
    NOON,
    NOW,
    OFFICIAL_ON,
    PUBLIC_ON,
    SIGNATORIES,
    World,
    closable,
    closing,
    evidence,
    listed,
    registered,
    sign,
)


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
