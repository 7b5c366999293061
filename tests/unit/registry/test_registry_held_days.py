"""Execution is judged by the holds, and a closing by the conditions, of its own day, whenever it is told."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from services.registry.closing import close, gather
from services.registry.decree import holding
from services.registry.decree.refusals import DecreeOnHold
from services.registry.handover.people import list_employee, record_claim
from services.registry.handover.people import notify_employee as notify
from services.registry.measure import Measure
from services.registry.measure.ordering import earliest, order, order_as_decreed, order_listed
from services.registry.mission import Mission, MissionState, phases
from services.registry.mission.dates import set_dates
from services.registry.mission.evidencing import take_evidence, waive
from services.registry.mission.redirecting import redirect
from services.registry.mission.refusals import ClosesBeforeItsConditions, ClosingConditionsUnmet
from services.registry.staff import StaffMember
from shared.contracts.registry import MeasureKind, MissionConditionEvidenced, Signatory
from shared.domain import Moment, Refusal
from tests.unit.registry.world import (
    MEASURE,
    NOON,
    OFFICIAL_ON,
    PUBLIC_ON,
    SIGNATORIES,
    STUDIES,
    WHY,
    World,
    closable,
    closing,
    evidence,
    listed,
    row,
    sign,
    sign_as,
)

LATER = NOON + timedelta(days=300)
SCOPES = ({}, {"article": "2"}, {"measure": MEASURE})


def of(month: int, day: int) -> Moment:
    """A moment of 2025 that is told long after it."""
    return Moment(LATER, datetime(2025, month, day, tzinfo=UTC))


def held(world: World, since: Moment, until: Moment | None, hold: str = "h-1", **scope: str) -> World:
    holding.hold(world.decree, hold, "audit-bureau", "bureau-1", WHY, STUDIES, since, **scope)
    if until is not None:
        holding.lift(world.decree, hold, "bureau-1", {"financial": ("9/2025",)}, WHY, until)
    return world.forget_news()


def refused(kind: type[Refusal], act: Callable[[], object], world: World, *names: str) -> Refusal:
    """Expect a refusal in both languages that names something, with nothing recorded."""
    with pytest.raises(kind) as refusal:
        act()
    told = refusal.value.told()
    assert told.en and told.ar and "{" not in told.en + told.ar
    assert all(name in str(refusal.value.facts) for name in names)
    assert not world.news
    return refusal.value


@pytest.mark.parametrize("scope", SCOPES)
def test_no_step_of_a_closing_is_of_a_day_on_which_it_was_held(scope: dict[str, str]) -> None:
    # Given a hold from 10 September to 10 October that was lifted long ago,
    world = held(closable(), of(9, 10), of(10, 10), **scope)
    mission = world.mission
    steps: list[Callable[[Moment], object]] = [
        lambda moment: set_dates(world, mission, PUBLIC_ON, OFFICIAL_ON, moment),
        lambda moment: phases.announce(world, mission, "7/2025", moment),
        lambda moment: phases.stop_services(world, mission, "8/2025", moment),
    ]
    for step in steps:
        # when a step is told as of a day in between, it is refused by the name of the hold,
        for moment in (of(9, 10), of(9, 20), of(10, 9)):
            refused(DecreeOnHold, lambda step=step, moment=moment: step(moment), world, "h-1")
        # and as of the lift it is taken.
        step(of(10, 10))
        world.forget_news()
    close(gather(world, mission), of(10, 10))


def test_a_step_of_before_the_hold_is_told_while_it_is_open() -> None:
    world = held(closable(), of(9, 10), None)
    refused(DecreeOnHold, lambda: phases.announce(world, world.mission, "7/2025", of(9, 10)), world, "h-1")
    phases.announce(world, world.mission, "7/2025", of(9, 9))


@pytest.mark.parametrize("reservations", [False, True])
@pytest.mark.parametrize("until", [None, of(10, 10)])
def test_no_closing_is_of_a_day_on_which_it_was_held(until: Moment | None, reservations: bool) -> None:
    world = held(closable(), of(9, 10), until)
    found = refused(
        ClosingConditionsUnmet,
        lambda: close(gather(world, world.mission), of(9, 20), with_reservations=reservations),
        world,
        "The hold h-1 on",
    )
    assert [item["condition"] for item in found.facts["unmet"]] == [1]
    close(gather(world, world.mission), of(9, 9), with_reservations=reservations)
    assert world.mission.state is MissionState.CLOSED


def test_a_hold_on_another_article_keeps_no_day_from_closing() -> None:
    world = held(closable(), of(9, 10), of(10, 10), article="1")
    close(gather(world, world.mission), of(9, 20))


def test_a_row_is_neither_ordered_nor_executed_as_of_a_day_on_which_it_was_held() -> None:
    world = held(listed(row(measure_kind=MeasureKind.CLOSE, receiver=None)), of(9, 10), of(10, 10))
    refused(DecreeOnHold, lambda: order(world, world.measure, of(9, 20)), world, "h-1")
    assert order(world, world.measure, of(10, 10))


def test_what_waits_for_its_order_is_ordered_when_the_holds_of_its_day_had_ended() -> None:
    # Given holds that follow each other from the day on which the decree was announced,
    world = held(listed(), of(4, 30), of(6, 1))
    held(world, of(5, 20), of(7, 1), "h-2")
    assert earliest(world, world.measure, of(4, 30)).effective_at == of(7, 1).effective_at
    # when its rows are ordered as of that day, they are as of the end of the last hold.
    assert order_listed(world, world.decree, of(4, 30)) == ()
    assert world.get(Measure, MEASURE).ordered_at == of(7, 1).effective_at


def test_what_waits_for_its_order_is_not_ordered_while_a_hold_is_open() -> None:
    # Given a hold of September that is open, when a row is ordered as the decree has it, since April,
    world = held(listed(), of(9, 10), None)
    # then it waits, though its day was free: nobody tells that it was done then.
    refused(DecreeOnHold, lambda: order_as_decreed(world, world.measure, of(4, 30)), world, "h-1")
    assert order_listed(world, world.decree, of(4, 30)) == (MEASURE,)
    assert order(world, world.measure, of(9, 9)), "somebody tells"


def test_a_decree_is_not_executed_as_of_a_day_on_which_a_part_of_it_was_held() -> None:
    world = held(listed(), of(9, 10), of(10, 10), measure=MEASURE)
    done = dict.fromkeys(world.decree.measures, True)
    refused(DecreeOnHold, lambda: world.decree.execute(done, of(9, 20)), world, "h-1")
    world.decree.execute(done, of(10, 10))


def shown(world: World, condition: int, moment: Moment) -> None:
    note = ("17/2025: letter",)
    dates = (PUBLIC_ON, OFFICIAL_ON)
    take_evidence(world.mission, MEASURE, condition, ("t-1",), note, moment, accepted_for=dates)


@pytest.mark.parametrize("condition", range(2, 13))
def test_a_mission_does_not_close_before_the_evidence_of_a_condition(condition: int) -> None:
    world = closable(without=condition)
    shown(world, condition, of(6, 20))
    world.forget_news()
    late = f"{condition} (2025-06-20"
    refused(ClosesBeforeItsConditions, lambda: close(gather(world, world.mission), of(6, 19)), world, late)
    close(gather(world, world.mission), of(6, 20))


def dated(world: World, moment: Moment) -> None:
    later = OFFICIAL_ON + timedelta(days=1)
    world.mission.evidence.pop(2)
    set_dates(world, world.mission, PUBLIC_ON, later, moment)
    note = MissionConditionEvidenced(
        decree=world.decree.id,
        measure=MEASURE,
        condition=2,
        tasks=(),
        evidence=("18/2025",),
        public_on=PUBLIC_ON,
        official_on=later,
    )
    world.mission.record(note, of(5, 6))


def claimed(world: World, moment: Moment) -> None:
    list_employee(world.handover, world.mission, "e-1", of(5, 6))
    notify(world.handover, world.mission, "e-1", "19/2025", of(5, 6))
    record_claim(world.handover, world.mission, "e-1", "20/2025", moment)
    for signatory, actor in SIGNATORIES.items():  # the minutes are of the ledger as it stands
        sign_as(world, signatory, actor, moment)


def signed(world: World, moment: Moment) -> None:
    sign_as(world, Signatory.RECEIVING, SIGNATORIES[Signatory.RECEIVING], moment)


def redirected(world: World, moment: Moment) -> None:
    redirect(world.mission, world.get(Mission, "emb-it"), world.get(Mission, "emb-fr"), moment)
    for condition in (3, 4, 12):
        evidence(world, condition)


def opened_late(world: World, moment: Moment) -> None:
    """The receiver was closing itself until then."""
    world.get(Mission, "emb-it").stepped_at = moment.effective_at


@pytest.mark.parametrize(("act", "condition"), [(dated, 2), (redirected, 3), (opened_late, 3), (claimed, 6)])
def test_a_mission_does_not_close_before_what_its_conditions_speak_of(
    act: Callable[[World, Moment], None], condition: int
) -> None:
    world = closable()
    act(world, of(6, 20))
    world.forget_news()
    late = f"{condition} (2025-06-20"
    refused(ClosesBeforeItsConditions, lambda: close(gather(world, world.mission), of(6, 19)), world, late)
    close(gather(world, world.mission), of(6, 20))


def with_everything_but_people() -> World:
    world = closing()
    set_dates(world, world.mission, PUBLIC_ON, OFFICIAL_ON, of(5, 6))
    for condition in range(1, 13):
        evidence(world, condition)
    return world


def test_a_mission_does_not_close_before_everybody_had_left_and_all_had_signed() -> None:
    world = with_everything_but_people()
    for day, staff in ((10, "p-2"), (20, "p-1")):
        person = world.get(StaffMember, staff)
        person.recall(world.mission, person.authority, "12/2025", of(6, day))
    sign(world, Signatory.OUTGOING, Signatory.INSPECTION)
    signed(world, of(6, 25))
    world.forget_news()
    both = ("5 (2025-06-20", "12 (2025-06-25")
    refused(ClosesBeforeItsConditions, lambda: close(gather(world, world.mission), of(6, 9)), world, *both)
    refused(ClosesBeforeItsConditions, lambda: close(gather(world, world.mission), of(6, 24)), world, both[1])
    close(gather(world, world.mission), of(6, 25))


def test_a_mission_does_not_close_with_reservations_before_the_waiver() -> None:
    world = with_everything_but_people()
    sign(world, *SIGNATORIES)
    waive(world.mission, 5, "21/2025", WHY, world.actor, of(6, 20))
    world.forget_news()

    def closes(moment: Moment) -> None:
        close(gather(world, world.mission), moment, with_reservations=True)

    refused(ClosesBeforeItsConditions, lambda: closes(of(6, 19)), world, "5 (2025-06-20")
    closes(of(6, 20))
