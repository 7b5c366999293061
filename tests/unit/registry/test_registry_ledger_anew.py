"""The ledger of a mission that is opened again: nothing of its former closing counts for the next."""

from collections.abc import Callable
from dataclasses import fields
from datetime import date, timedelta

import pytest

from services.registry.amending import Amendment, NewRow, amend
from services.registry.changing import carry_out
from services.registry.closing import close, gather
from services.registry.handover import Handover, custody, estate, people, representation
from services.registry.handover import refusals as refuses
from services.registry.handover.anew import REOPENED
from services.registry.measure import Measure
from services.registry.measure.ordering import order
from services.registry.mission import Mission
from services.registry.mission.dates import set_dates
from services.registry.mission.evidencing import take_evidence
from shared.contracts.registry import (
    Disposal,
    HandoverCasesAssigned,
    HandoverItemsCounted,
    HandoverItemsDisposed,
    HandoverReopened,
    HandoverSigned,
    HandoverStateSettled,
    ItemKind,
    MeasureKind,
    MissionAccredited,
    Signatory,
    Succession,
)
from shared.domain import Change, Moment
from shared.domain.moment import BeforeWhatItFollows
from shared.eventstore import snapshots
from tests.unit.registry.ledger import (
    CASES,
    COMMITMENT,
    EMPLOYEE,
    LEASE_ENDED,
    NOTIFY,
    PLACE,
    PREMISES,
    REFERENCE,
    STOP,
    archive,
    destroy,
    dispose,
    entry,
    items,
    release,
    settle,
    unmet,
    unmet_numbers,
)
from tests.unit.registry.test_registry_amendments import LATER, with_later
from tests.unit.registry.world import (
    MEASURE,
    NOON,
    NOW,
    OFFICIAL_ON,
    PUBLIC_ON,
    SIGNATORIES,
    World,
    closable,
    row,
    sign,
    sign_as,
)

REOPENING, AGAIN = "298-2025-a2-r02", "298-2025-a2-r03"


def to_italy(world: World) -> None:
    """The consular district goes to the mission in Italy."""
    italy = world.get(Mission, "emb-it")
    representation.transfer_district(world.handover, world.mission, italy, REFERENCE, world.moment)


def assets(quantity: int) -> Callable[[World], None]:
    return entry(estate.count_assets, "vehicles", quantity)


SELL = entry(estate.dispose_assets, "vehicles", 2, Disposal.SOLD, REFERENCE)
OWNED = entry(representation.assign_cases, "passports", 5, "cabinet", REFERENCE)
SETTLED = entry(people.settle_employee, "l-00000001", REFERENCE)
ENDED = entry(estate.end_commitment, "internet", date(2025, 5, 1), REFERENCE)
GAP = settle(Succession.GAP, state="VA"), settle(Succession.GAP)

EVERYTHING = (
    *(*GAP, to_italy, CASES, OWNED, EMPLOYEE, NOTIFY, SETTLED, archive(), PLACE, items(3), dispose(3)),
    *(PREMISES, LEASE_ENDED, assets(2), SELL, STOP, COMMITMENT, ENDED),
)


def of_a_closing(handover: Handover) -> dict[str, object]:
    """All that the ledger tells, but for when it was last opened again."""
    told = {one.name: getattr(handover, one.name) for one in fields(Handover)}  # type: ignore[arg-type]  # the library makes every aggregate with fields a dataclass
    return {name: told[name] for name in told if name not in ("reopened_at", "begun_anew_at")}


def closed(*entries: Callable[[World], None]) -> World:
    """The mission closed by its first row, with these entries in its ledger."""
    world = closable()
    for made in entries:
        made(world)
    if entries:
        sign(world, *SIGNATORIES)
    close(gather(world, world.mission), NOW)
    return world.forget_news()


def reopened(*entries: Callable[[World], None]) -> World:
    world = closed(*entries)
    open_again(world)
    return world


def open_again(world: World) -> None:
    measure = world.get(Measure, REOPENING)
    measure.list_in(world.decree, row(row=2, measure_kind=MeasureKind.OPEN, receiver=None), NOW)
    assert order(world, measure, NOW)
    measure.execute(("9/2025",), NOW)
    carry_out(world, measure, NOW)


def closing_again(world: World, receiver: str | None) -> World:
    """The mission closes by a third row; its dates and evidence are there, its ledger is not begun."""
    measure, kind = world.get(Measure, AGAIN), MeasureKind.MERGE if receiver else MeasureKind.CLOSE
    added = NewRow("2", 3, kind, "emb-va", receiver)
    amend(with_later(world), world.decree, Amendment(LATER, date(2025, 5, 4), rows_added=(added,)), NOW)
    assert order(world, measure, NOW)
    set_dates(world, world.mission, PUBLIC_ON, OFFICIAL_ON, NOW)
    for condition in range(1, 13):
        dates = (PUBLIC_ON, OFFICIAL_ON)
        take_evidence(world.mission, AGAIN, condition, ("t-1",), ("18/2025",), NOW, accepted_for=dates)
    return world


def test_nothing_of_the_ledger_is_left_once_the_mission_is_open_again() -> None:
    world = reopened(*EVERYTHING)
    assert of_a_closing(world.handover) == of_a_closing(Handover.blank("emb-va"))
    told = [event for event in world.news if isinstance(event, HandoverReopened)]
    assert told == [HandoverReopened(mission="emb-va", reason=REOPENED, anew=True)]
    assert world.handover.begun_anew_at == NOON


def test_everything_is_entered_anew_under_the_same_keys() -> None:
    world = closing_again(reopened(*EVERYTHING), "emb-it").forget_news()
    for made in EVERYTHING:
        made(world)
    assert len([event for event in world.news if not isinstance(event, HandoverReopened)]) == len(EVERYTHING)
    assert unmet_numbers(world) == [12]
    items_left = entry(custody.count_items, "flags", ItemKind.SEAL, 4)
    items_left(world)
    assert unmet(world)[0] == (8, "4 of flags (seal) are not accounted for.")


def test_no_decision_for_a_state_outlives_the_closing_that_it_was_made_for() -> None:
    world = closing_again(reopened(*GAP), None)
    lacking = [text for number, text in unmet(world) if number == 3]
    assert lacking == ["VA has no successor, no protecting power and no decision for a gap."]
    for decided in GAP:
        decided(world)
    assert unmet_numbers(world) == [12], "it is decided for this closing, though as it was for the former"


def test_the_successor_of_a_later_closing_takes_every_state() -> None:
    world = closing_again(reopened(*GAP), "emb-fr").forget_news()
    france = world.get(Mission, "emb-fr")
    sign(world, Signatory.OUTGOING, Signatory.INSPECTION)
    head = SIGNATORIES[Signatory.RECEIVING].model_copy(update={"mission": "emb-fr"})
    sign_as(world, Signatory.RECEIVING, head)
    close(gather(world, world.mission), NOW)
    taken = [event.state for event in world.news if isinstance(event, MissionAccredited)]
    assert taken == ["VA", "SM"] and france.states == ("FR", "VA", "SM")


def test_what_is_held_from_destruction_stays_held_until_oversight_releases_it() -> None:
    world = reopened(archive(held=True), PLACE)
    assert not world.handover.archives
    with pytest.raises(refuses.OversightReleases):
        archive(held=False)(world)
    archive(held=True)(world)
    with pytest.raises(refuses.HeldFromDestruction):
        destroy("office-1", "office-2")(world)
    release()(world)
    destroy("office-1", "office-2")(world)


def test_whoever_released_a_unit_does_not_witness_its_destruction_in_a_later_closing() -> None:
    world = reopened(archive(held=True), release(), PLACE)
    archive(held=False)(world)
    with pytest.raises(refuses.ReleasedByWitness):
        destroy("bureau-1", "office-2")(world)
    destroy("office-1", "office-2")(world)


def test_a_unit_that_was_destroyed_binds_nobody() -> None:
    world = reopened(archive(held=True), release(), destroy("office-1", "office-2"))
    assert not world.handover.bound
    archive(held=False)(world)
    destroy("bureau-1", "office-2")(world)


def test_an_act_is_of_no_moment_before_the_mission_was_opened_again() -> None:
    world = reopened(items(3), dispose(3))
    before = Moment(NOON + timedelta(days=1), NOON - timedelta(seconds=1))
    with pytest.raises(BeforeWhatItFollows) as refused:
        custody.count_items(world.handover, world.mission, "round-seals", ItemKind.SEAL, 3, before)
    assert refused.value.facts["of"] == "emb-va"
    items(3)(world)


def test_a_closing_that_is_called_off_leaves_the_ledger_but_for_the_signatures() -> None:
    world = with_later(closable())
    for made in EVERYTHING:
        made(world)
    sign(world, *SIGNATORIES)
    before = of_a_closing(world.handover)
    amend(world, world.decree, Amendment(LATER, date(2025, 5, 4), rows_dropped=(MEASURE,)), NOW)
    unsigned: dict[str, object] = {"signatures": {}, "deputies": {}, "signed_at": None}
    assert of_a_closing(world.handover) == before | unsigned
    assert world.handover.begun_anew_at is None


def test_a_mission_without_a_ledger_is_opened_again_without_one() -> None:
    world = closed()
    world.known["handover", "emb-va"] = Handover.blank("emb-va")
    open_again(world)
    assert not world.handover.exists


# --- logs of before

SIGNED = HandoverSigned(mission="emb-va", signatory=Signatory.OUTGOING, by="head-1", reference="38/2025")
DECIDED = HandoverStateSettled(
    mission="emb-va", state="SM", succession=Succession.GAP, successor=None, power=None, reference="1/2025"
)
COUNTED = HandoverItemsCounted(mission="emb-va", item="seals", item_kind=ItemKind.SEAL, quantity=3)


def stored(reason: str, ar: str) -> HandoverReopened:
    return HandoverReopened.model_validate_json(
        f'{{"mission": "emb-va", "reason": {{"en": "{reason}", "ar": "{ar}"}}}}'
    )


def replayed(*events: object) -> Handover:
    handover = Handover.blank("emb-va")
    for number, event in enumerate(events, 1):
        Change("emb-va", number, NOON, NOON, event).mutate(handover)  # type: ignore[arg-type]  # events
    return handover


def test_older_events_tell_by_their_reason_that_the_mission_was_opened_again() -> None:
    again = replayed(DECIDED, COUNTED, SIGNED, stored("The mission was opened again.", "أُعيد فتح البعثة."))
    assert (again.states, again.items, again.signatures) == ({}, {}, {})
    off = replayed(DECIDED, COUNTED, SIGNED, stored("The closing was called off.", "عُدل عن الإقفال."))
    assert (set(off.states), set(off.items), off.signatures) == ({"SM"}, {"seals"}, {})


def test_acts_of_older_logs_on_what_was_entered_for_the_former_closing_say_nothing() -> None:
    reopening = stored("The mission was opened again.", "أُعيد فتح البعثة.")
    disposed = HandoverItemsDisposed(
        mission="emb-va", item="seals", quantity=1, disposal=Disposal.RETURNED, reference="2/2025", left=2
    )
    owned = HandoverCasesAssigned(
        mission="emb-va", group="passports", count=1, owner="cabinet", reference="2/2025"
    )
    handover = replayed(COUNTED, SIGNED, reopening, disposed, owned)
    assert (handover.items, handover.cases, handover.acted_at, handover.entered_at) == ({}, {}, {}, {})


def test_snapshots_hold_what_binds_a_ledger_that_was_begun_anew() -> None:
    original, copy = reopened(archive(held=True), PLACE).handover, Handover.blank("emb-va")
    snapshots.restore(copy, snapshots.dump(original))
    assert copy.bound == original.bound != {}
    assert of_a_closing(copy) == of_a_closing(original)
