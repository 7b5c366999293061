"""Holds stop the clocks of what they cover, and lifts give back what was left."""

from datetime import UTC, date, datetime
from random import Random

import pytest

from services.tasks.calendar import Calendar
from services.tasks.deadline import Suspension
from services.tasks.decree import Decree
from services.tasks.drafting import Term, plan_decree_tasks
from services.tasks.holding import hold_decree
from services.tasks.plan import ClosingDates
from services.tasks.reactions import RegistryReactions
from shared.calendar import Roll, Rule
from shared.contracts import registry
from shared.contracts import tasks as said
from shared.contracts.text import Text
from shared.domain import Moment
from tests.unit.calendar.oracle import Clock, Table
from tests.unit.calendar.samples import calendar_with
from tests.unit.tasks.dated import DECREE, DUE_ON, FIRST, REASON, Dated, moment
from tests.unit.tasks.given import ADMIN, DATES, MEASURE, MemoryTurn, declaration, received

REPORT = f"{DECREE}-t40"
TABLE = Table(calendar_with())


def test_a_hold_stops_the_clock_with_the_working_days_that_are_left() -> None:
    case = Dated().at("2025-08-24").hold()
    (suspended,) = case.told(said.DeadlineSuspended)
    assert (suspended.hold, suspended.since, suspended.due_on, suspended.working_days_left) == (
        "h1",
        date(2025, 8, 24),
        DUE_ON,
        5,
    )
    case.at("2025-09-10").sweep()
    assert case.told(said.DeadlineApproaching) == case.told(said.DeadlineMissed) == []


def test_every_deadline_that_is_set_is_stopped_by_a_hold_on_the_decree() -> None:
    case = Dated().at("2025-08-24").hold()
    assert len(case.store.said(said.DeadlineSuspended)) == 4


def test_the_lift_gives_the_working_days_back() -> None:
    case = Dated().at("2025-08-24").hold().at("2025-09-15").lift()
    (resumed,) = case.told(said.DeadlineResumed)
    assert (resumed.hold, resumed.since, resumed.supersedes_due_on) == ("h1", date(2025, 9, 15), DUE_ON)
    # 16, 17, 18, 21 and 22 September.
    assert (resumed.due_on, resumed.working_days_left) == (date(2025, 9, 22), 5)
    assert resumed.due_at == datetime(2025, 9, 22, 22, tzinfo=UTC)
    assert resumed.warn_at == datetime(2025, 9, 14, 22, tzinfo=UTC)
    assert case.deadline.due_on == date(2025, 9, 22)
    missed = case.at("2025-09-22 22:00").sweep().told(said.DeadlineMissed)
    assert [miss.due_on for miss in missed] == [date(2025, 9, 22)]


def test_a_hold_that_is_lifted_on_its_day_changes_no_date() -> None:
    case = Dated().at("2025-08-25").sweep().hold().at("2025-08-25 15:00").lift().sweep()
    (resumed,) = case.told(said.DeadlineResumed)
    assert resumed.due_on == resumed.supersedes_due_on == DUE_ON
    assert len(case.told(said.DeadlineApproaching)) == 1


def test_the_clock_goes_on_with_the_lift_of_the_last_hold_that_covers_it() -> None:
    case = Dated().at("2025-08-24").hold("h1").at("2025-08-26").hold("h2", measure=MEASURE)
    assert len(case.told(said.DeadlineSuspended)) == 1
    case.at("2025-09-01").lift("h1")
    assert case.told(said.DeadlineResumed) == []
    case.at("2025-09-15").lift("h2")
    (resumed,) = case.told(said.DeadlineResumed)
    assert (resumed.hold, resumed.due_on) == ("h2", date(2025, 9, 22))


def test_an_earlier_hold_that_becomes_known_later_stops_the_clock_earlier() -> None:
    case = Dated().at("2025-08-26").hold("h2").at("2025-08-28").hold("h1", "2025-08-24")
    first, second = case.told(said.DeadlineSuspended)
    assert (first.hold, first.working_days_left) == ("h2", 3)
    assert (second.hold, second.since, second.working_days_left) == ("h1", date(2025, 8, 24), 5)
    case.at("2025-09-15").lift("h1").lift("h2")
    assert case.deadline.due_on == date(2025, 9, 22)


def test_nothing_is_left_of_a_deadline_on_the_day_of_its_hold() -> None:
    case = Dated().at("2025-08-31").hold().at("2025-09-12").lift()
    assert case.deadline.due_on == date(2025, 9, 14)  # 12 September is a Friday


@pytest.mark.parametrize(
    ("article", "measure", "covered"),
    [
        (None, None, {FIRST, REPORT}),
        ("2", None, {FIRST}),
        ("3", None, {REPORT}),
        ("4", None, set()),
        (None, MEASURE, {FIRST}),
        ("2", MEASURE, {FIRST}),
        (None, "298-2025-a2-r09", set()),
    ],
)
def test_a_hold_covers_a_decree_an_article_or_a_measure(
    article: str | None, measure: str | None, covered: set[str]
) -> None:
    case = with_report()
    case.at("2025-05-08").hold(article=article, measure=measure)
    suspended = {event.task for event in case.store.said(said.DeadlineSuspended)}
    assert suspended & {FIRST, REPORT} == covered
    case.lift()
    assert len(case.store.said(said.DeadlineResumed)) == len(case.store.said(said.DeadlineSuspended))


def with_report(case: Dated | None = None) -> Dated:
    """A case in which the decree has its report to give too, due on 29 May 2025."""
    case = Dated() if case is None else case
    terms = {40: Term("3", Rule.parse("1 month of announced_on"), Roll.BACK)}
    anchors = {"announced_on": date(2025, 4, 30)}
    case.store.run(lambda turn: plan_decree_tasks(turn, DECREE, "closing", terms, anchors))
    return case


def test_what_was_missed_before_the_hold_is_untouched() -> None:
    case = Dated().at("2025-09-01").sweep().hold()
    assert case.told(said.DeadlineSuspended) == case.told(said.DeadlineMissQualified) == []
    assert case.deadline.missed


def test_a_hold_recorded_after_the_miss_and_effective_before_it_qualifies_it_and_stops_the_clock() -> None:
    case = Dated().at("2025-09-01").sweep().at("2025-09-03").hold("h1", "2025-08-27")
    (qualified,) = case.told(said.DeadlineMissQualified)
    assert (qualified.due_on, qualified.ground, qualified.hold) == (DUE_ON, said.MissGround.HOLD, "h1")
    assert (qualified.reason, qualified.effective_at) == (REASON, moment("2025-08-27"))
    (suspended,) = case.told(said.DeadlineSuspended)
    assert suspended.working_days_left == 2
    case.at("2025-09-14").lift()
    assert case.deadline.due_on == date(2025, 9, 16)
    assert [miss.due_on for miss in case.deadline.misses] == [DUE_ON]
    case.at("2025-09-17").sweep()
    assert [miss.due_on for miss in case.told(said.DeadlineMissed)] == [DUE_ON, date(2025, 9, 16)]


def test_two_holds_qualify_a_miss_each_once() -> None:
    case = Dated().at("2025-09-01").sweep().hold("h1", "2025-08-27").hold("h2", "2025-08-28")
    case.hold("h1", "2025-08-27")
    assert [event.hold for event in case.told(said.DeadlineMissQualified)] == ["h1", "h2"]


def test_a_hold_qualifies_the_miss_of_a_task_that_is_over_and_stops_nothing() -> None:
    case = (
        Dated().at("2025-09-01").sweep().start().submit().accept().at("2025-09-05").hold("h1", "2025-08-27")
    )
    assert len(case.told(said.DeadlineMissQualified)) == 1
    assert case.told(said.DeadlineSuspended) == []


def test_a_deadline_that_is_set_under_a_hold_starts_suspended() -> None:
    case = Dated(dated=False).at("2025-08-01").hold().at("2025-08-20").set_dates()
    (suspended,) = case.told(said.DeadlineSuspended)
    # The clock had not begun to run when the hold came.
    assert (suspended.since, suspended.working_days_left) == (date(2025, 8, 20), 7)
    case.at("2025-09-14").lift()
    assert case.deadline.due_on == date(2025, 9, 23)


def test_a_task_of_the_decree_that_is_planned_under_a_hold_starts_suspended() -> None:
    case = with_report(Dated(dated=False).at("2025-05-04").hold().at("2025-05-05"))
    (suspended,) = case.told(said.DeadlineSuspended, REPORT)
    assert (suspended.due_on, suspended.since) == (date(2025, 5, 29), date(2025, 5, 5))


def test_a_new_t_under_a_hold_stays_suspended() -> None:
    case = Dated().at("2025-08-24").hold().at("2025-08-26")
    case.set_dates(ClosingDates(date(2025, 9, 30), date(2025, 10, 30)))
    assert case.told(said.DeadlineSuspended)[-1].due_on == date(2025, 9, 30)
    assert case.deadline.suspension is not None and case.deadline.suspension.since == date(2025, 8, 26)


def test_a_hold_of_before_t_does_not_count_against_a_new_t() -> None:
    case = Dated().at("2025-08-24").hold().at("2025-09-15").lift().at("2025-09-16")
    case.set_dates(ClosingDates(date(2025, 9, 30), date(2025, 10, 30)))
    assert (case.deadline.due_on, case.deadline.suspension) == (date(2025, 9, 30), None)


def test_work_that_is_accepted_while_the_clock_stands_is_on_time() -> None:
    case = Dated().at("2025-08-24").start().hold().at("2025-09-20").submit().accept()
    (met,) = case.told(said.DeadlineMet)
    assert met.on_time


def test_a_newer_calendar_gives_back_again_what_a_hold_had_kept() -> None:
    case = Dated().at("2025-08-24").hold().at("2025-09-15").lift().at("2025-09-16")
    case.declare("2", date(2025, 9, 17))
    # Of the five days left, 17 September is no working day any more.
    assert (case.deadline.due_on, case.deadline.suspension) == (date(2025, 9, 23), None)
    again = Dated().at("2025-08-24").hold().at("2025-08-26").declare("2", date(2025, 8, 27))
    assert again.deadline.suspension == Suspension(date(2025, 8, 24), 4)


def test_days_are_counted_under_the_calendar_version_of_the_deadline() -> None:
    case = Dated().at("2025-08-01")
    newer = declaration(date(2025, 8, 27), label="2")
    case.store.run(lambda turn: turn.get(Calendar, "ly").declare(newer, turn.moment))
    case.at("2025-08-24").hold()
    assert case.told(said.DeadlineSuspended)[0].working_days_left == 5


def test_a_hold_that_is_known_changes_nothing_again_and_an_unknown_one_is_not_lifted() -> None:
    case = Dated().at("2025-08-24").hold()
    before = len(case.store.log)
    case.hold().lift("h9")
    assert len(case.store.log) == before
    case.lift()
    before = len(case.store.log)
    case.lift()
    assert len(case.store.log) == before


def test_holds_of_the_registry_arrive_with_their_scope_and_moment() -> None:
    case = Dated().at("2025-05-06")
    held = registry.DecreeHeld(
        hold="h1",
        by="audit-bureau",
        holder="audit",
        reason=Text(en="Studies"),
        conditions=(),
        measure=MEASURE,
    )
    lifted = registry.DecreeResumed(hold="h1", met=(), reason=Text(en="Reviewed"), measure=MEASURE)
    for event in (held, lifted):
        command = RegistryReactions().react(received(event, DECREE))
        assert command is not None and command.reads[0] == (Decree, DECREE)
        case.store.run(command.decide, effective_at=command.by.effective_at)
    (hold,) = case.store.find(Decree, DECREE).holds
    assert (hold.hold, hold.measure, hold.since) == ("h1", MEASURE, moment("2025-05-05"))
    assert len(case.told(said.DeadlineResumed)) == 1


def test_what_a_hold_covers_is_found_in_three_steps_however_much_it_is() -> None:
    """Each `get_all` is one look-up in the store; a `get` for each deadline would be thousands."""
    case = Dated().at("2025-08-24")
    looks: list[str] = []

    class Counting(MemoryTurn):
        def get(self, kind, id):  # type: ignore[no-untyped-def]
            looks.append(kind.kind)
            return super().get(kind, id)

        def get_all(self, kind, ids):  # type: ignore[no-untyped-def]
            looks.append(f"all {kind.kind}s")
            return [MemoryTurn.get(self, kind, id) for id in ids]

    turn = Counting(case.store, ADMIN, Moment(case.store.now, case.store.now), {})
    hold_decree(turn, DECREE, "h1", None, None, REASON)
    assert [look for look in looks if look != "calendar"] == [
        "decree",
        "all plans",
        "all tasks",
        "all deadlines",
    ]


@pytest.mark.parametrize("seed", range(60))
def test_a_history_of_holds_and_extensions_is_what_living_through_it_gives(seed: int) -> None:
    chance = Random(seed)
    case, clock = Dated(), Clock(TABLE, DUE_ON)
    day, open, number, extensions = date(2025, 5, 5), [], 0, 0
    for _ in range(25):
        day = date.fromordinal(day.toordinal() + chance.choice([1, 1, 2, 5, 9]))
        case.at(day.isoformat())
        act = chance.choice(["hold", "lift", "extend", "sweep"])
        if act == "hold" and len(open) < 3:
            number += 1
            open.append(f"h{number}")
            case.hold(open[-1], measure=chance.choice([None, MEASURE]))
        elif act == "lift" and open:
            case.lift(open.pop(chance.randrange(len(open))))
        elif act == "extend" and extensions < 4:
            extensions += 1
            until = TABLE.nth(clock.due_on, chance.randint(1, 12))
            case.extend(until, extensions)
            clock.extend(until)
        else:
            case.sweep()
        clock.live(day, bool(open))
        suspension = case.deadline.suspension
        seen = (
            case.deadline.due_on,
            suspension and suspension.since,
            suspension and suspension.working_days_left,
        )
        held = clock.since is not None
        assert seen == (clock.due_on, clock.since, clock.left if held else None), (seed, day, act)
    assert len({miss.due_on for miss in case.deadline.misses}) == len(case.deadline.misses)


def test_dates_used_here_are_those_of_the_sample() -> None:
    assert Dated().deadline.due_on == DUE_ON
    assert DATES.official_on == date(2025, 9, 30)
