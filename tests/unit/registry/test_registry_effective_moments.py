"""What is said to have happened earlier than it is recorded: never before what it follows."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest

from services.registry.amending import Amendment, amend, repeal, supersede
from services.registry.changing import carry_out
from services.registry.closing import close, gather
from services.registry.decree import refusals as refuses
from services.registry.decree import reporting
from services.registry.measure.identifying import identify
from services.registry.measure.ordering import order
from services.registry.mission import MissionState, phases
from services.registry.mission.dates import set_dates
from services.registry.mission.evidencing import waive
from services.registry.mission.refusals import ClosesBeforeItsDate, ClosingConditionsUnmet
from shared.contracts.registry import Confidence, MeasureKind, Signatory
from shared.domain import Moment, Refusal
from shared.domain.moment import FIRST_ZONE, BeforeWhatItFollows
from tests.unit.registry.test_registry_amendments import LATER, ON, with_later
from tests.unit.registry.world import (
    MEASURE,
    NOW,
    OFFICIAL_ON,
    PUBLIC_ON,
    SIGNATORIES,
    WHY,
    World,
    closable,
    closing,
    evidence,
    listed,
    row,
    sign_as,
)

BEFORE = Moment(NOW.recorded_at, datetime(2025, 4, 29, 9, tzinfo=UTC))
"""A day before the decree was announced; of everybody on Earth."""
NEVER = "0/2025"


def at(hour: int) -> Moment:
    """A moment of 6 May, a day after the closing was ordered, recorded long after it."""
    return Moment(NOW.recorded_at + timedelta(days=300), datetime(2025, 5, 6, hour, tzinfo=UTC))


def refused(kind: type[Refusal], act: Callable[[], object], world: World) -> None:
    """Expect a refusal in both languages, with nothing recorded."""
    with pytest.raises(kind) as refusal:
        act()
    told = refusal.value.told()
    assert told.en and told.ar and "{" not in told.en + told.ar
    assert not world.news


def test_a_row_is_neither_ordered_nor_identified_before_its_decree() -> None:
    world = listed()
    refused(refuses.BeforeDecree, lambda: order(world, world.measure, BEFORE), world)
    world = listed(row(receiver=None))

    def identified() -> None:
        identify(world, world.measure, None, "emb-it", Confidence.LIKELY, "7/2025", BEFORE)

    refused(refuses.BeforeDecree, identified, world)


def test_a_decree_binds_nobody_before_it_is_in_force() -> None:
    # Given a decree in force from 30 April, announced then; when the order is of that day it is taken.
    world = listed()
    assert order(world, world.measure, Moment(NOW.recorded_at, datetime(2025, 4, 30, tzinfo=UTC)))
    # Given one in force from 3 May that was announced on 30 April, then no order is of the days between.
    world = with_later(listed(), announced_on=date(2025, 5, 2))
    later = world.get(type(world.decree), LATER)
    between = Moment(NOW.recorded_at, datetime(2025, 5, 2, 9, tzinfo=UTC))
    with pytest.raises(BeforeWhatItFollows):
        later.must_bind_by(between)


def test_a_measure_is_not_executed_before_it_was_ordered() -> None:
    world = listed(row(measure_kind=MeasureKind.REDUCE_STAFF, receiver=None, target={"posts": 9}))
    assert order(world, world.measure, NOW)
    world.forget_news()
    earlier = Moment(NOW.recorded_at, NOW.effective_at - timedelta(seconds=1))
    refused(BeforeWhatItFollows, lambda: world.measure.execute(("7/2025",), earlier), world)
    world.measure.execute(("7/2025",), NOW)
    carry_out(world, world.measure, NOW)


def test_every_step_of_a_closing_follows_the_one_before_it() -> None:
    world = closable()
    mission, early = world.mission, Moment(NOW.recorded_at, NOW.effective_at - timedelta(hours=1))
    steps: list[Callable[[Moment], object]] = [
        lambda moment: phases.announce(world, mission, NEVER, moment),
        lambda moment: phases.stop_services(world, mission, NEVER, moment),
        lambda moment: close(gather(world, mission), moment),
        lambda moment: phases.settle(mission, NEVER, moment),
        lambda moment: phases.archive(mission, NEVER, moment),
    ]
    refused(BeforeWhatItFollows, lambda: steps[0](early), world)
    for hour, step in enumerate(steps, 8):
        if hour > 8:
            refused(BeforeWhatItFollows, lambda step=step, hour=hour: step(at(hour - 2)), world)
        # Then it is taken as of the very moment of the last, and later.
        step(at(hour))
        world.forget_news()


def test_other_dates_are_not_of_before_the_former_ones() -> None:
    world = closing()
    set_dates(world, world.mission, PUBLIC_ON, OFFICIAL_ON, at(2))
    other = OFFICIAL_ON + timedelta(days=30)
    with pytest.raises(BeforeWhatItFollows):
        set_dates(world, world.mission, PUBLIC_ON, other, at(1))
    set_dates(world, world.mission, PUBLIC_ON, other, at(2))


def test_dates_waivers_and_signatures_are_not_of_before_the_order() -> None:
    world = closing()
    early = Moment(NOW.recorded_at, NOW.effective_at - timedelta(hours=1))
    head = SIGNATORIES[Signatory.OUTGOING]

    def dated() -> None:
        set_dates(world, world.mission, PUBLIC_ON, OFFICIAL_ON, early)

    def waived() -> None:
        waive(world.mission, 6, "7/2025", WHY, world.actor, early)

    def signed() -> None:
        sign_as(world, Signatory.OUTGOING, head, early)

    for act in (dated, waived, signed):
        refused(BeforeWhatItFollows, act, world)


def test_a_mission_does_not_close_before_its_minutes_are_signed() -> None:
    world = closable()
    # Given signatures of noon, when it is said to have closed at eleven, that is refused.
    eleven = Moment(NOW.recorded_at, NOW.effective_at - timedelta(hours=1))
    world.mission.stepped_at = None
    refused(BeforeWhatItFollows, lambda: close(gather(world, world.mission), eleven), world)


def test_a_later_decree_changes_nothing_before_its_day() -> None:
    world = with_later(listed())
    early = Moment(NOW.recorded_at, datetime(2025, 5, 3, 9, tzinfo=UTC))
    change = Amendment(by=LATER, on=ON, dropped=("1",))
    refused(BeforeWhatItFollows, lambda: amend(world, world.decree, change, early), world)
    refused(BeforeWhatItFollows, lambda: repeal(world, world.decree, LATER, ON, early), world)
    refused(BeforeWhatItFollows, lambda: supersede(world, world.decree, LATER, ON, early), world)
    amend(world, world.decree, change, Moment(NOW.recorded_at, datetime(2025, 5, 4, tzinfo=UTC)))


def test_a_report_follows_the_execution_and_its_approval_the_report() -> None:
    world = listed()
    done = dict.fromkeys(world.decree.measures, True)
    refused(refuses.BeforeDecree, lambda: world.decree.execute(done, BEFORE), world)
    world.decree.execute(done, at(8))
    world.forget_news()
    office, issuer = world.actor, SIGNATORIES[Signatory.OUTGOING]
    decree = world.decree
    steps: list[Callable[[Moment], object]] = [
        lambda moment: reporting.submit_report(decree, "7/2025", "0" * 64, office, moment),
        lambda moment: reporting.return_report(decree, WHY, issuer, moment),
        lambda moment: reporting.submit_report(decree, "8/2025", "0" * 64, office, moment),
        lambda moment: reporting.approve_report(decree, issuer, moment),
        lambda moment: reporting.remove_from_control(decree, None, issuer, moment),
    ]
    for hour, step in enumerate(steps, 9):
        refused(BeforeWhatItFollows, lambda step=step, hour=hour: step(at(hour - 2)), world)
        step(at(hour))
        world.forget_news()


def test_a_closing_that_was_called_off_begins_again_after_that() -> None:
    # Given a closing of noon of 5 May, that a later decree moved to another mission as of 6 May.
    world = with_later(closing())
    change = Amendment(by=LATER, on=ON, rows_dropped=(MEASURE,))
    amend(world, world.decree, change, at(9))
    assert world.mission.stepped_at == at(9).effective_at
    with pytest.raises(BeforeWhatItFollows):
        world.mission.check_closing(None, at(8))
    world.mission.check_closing(None, at(9))


def test_what_an_older_log_has_ahead_keeps_nobody_from_going_on_now() -> None:
    world = closing()
    set_dates(world, world.mission, PUBLIC_ON, OFFICIAL_ON, NOW)
    # Given an order that was once recorded as of the year 2200, when the closing is announced, it is taken.
    world.mission.stepped_at = datetime(2200, 1, 1, tzinfo=UTC)
    phases.announce(world, world.mission, NEVER, NOW)


@pytest.mark.parametrize("with_reservations", [False, True])
def test_a_mission_closes_on_its_official_date_and_on_no_day_before(with_reservations: bool) -> None:
    world, official_on = closable(), date(2025, 5, 10)
    first = datetime.combine(official_on, time(0), FIRST_ZONE)
    late = NOW.recorded_at + timedelta(days=300)

    def closed(at: datetime) -> None:
        facts = gather(world, world.mission)
        close(facts, Moment(late, at), with_reservations=with_reservations)

    assert world.mission.dates is not None
    world.mission.dates = world.mission.dates.model_copy(update={"official_on": official_on})
    evidence(world, 2, official_on=official_on)
    world.forget_news()
    refused(ClosesBeforeItsDate, lambda: closed(first - timedelta(seconds=1)), world)
    closed(first)
    assert world.mission.state is MissionState.CLOSED


def test_the_conditions_that_a_closing_lacks_are_told_before_its_date() -> None:
    world = closable(without=7)
    refused(ClosingConditionsUnmet, lambda: close(gather(world, world.mission), BEFORE), world)


def test_an_identification_is_not_corrected_by_one_of_before_it() -> None:
    world = listed(row(receiver=None))

    def found(receiver: str, hour: int) -> None:
        identify(world, world.measure, None, receiver, Confidence.LIKELY, "7/2025", at(hour))

    found("emb-it", 10)
    world.forget_news()
    refused(BeforeWhatItFollows, lambda: found("emb-fr", 9), world)
    found("emb-fr", 10)
    assert world.measure.receiver == "emb-fr"
