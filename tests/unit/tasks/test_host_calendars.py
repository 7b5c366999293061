"""Deadlines by the host State's calendar, or by both: set, held, extended, changed, and moved on approval."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from services.tasks.calendar import Calendar, CalendarOfOthers, CalendarsNotTogether, NotTheNewest
from services.tasks.clocks import calendar_of
from services.tasks.country import Country, CountryHasCalendar
from services.tasks.deadline import Deadline
from services.tasks.drafting import draft_plan
from services.tasks.plan import Plan
from services.tasks.plan.amending import PlanProposal
from services.tasks.plan.refusals import ReplanFlawed
from services.tasks.replanning import renew_plan, replan_plan
from services.tasks.task import Task
from services.tasks.template import Template
from shared.calendar import CountsBy, Weekday, explained
from shared.contracts import tasks as said
from tests.unit.tasks.given import DATES, MEASURE, NOW, declaration, ordered, proposal, step
from tests.unit.tasks.hosted import (
    BOTH,
    FRIDAY,
    HOSTED,
    HOSTS,
    LAST,
    MINISTRYS,
    PORTUGAL,
    SUNDAY,
    THURSDAY,
    Hosted,
    of_host,
)

WEDNESDAY = date(2025, 8, 27)


def dated() -> Hosted:
    """The plan with its dates, the host's calendar declared before."""
    return Hosted().declare().date()


def test_each_task_is_due_by_the_calendar_that_it_asks_for() -> None:
    case = dated()
    assert case.due == [SUNDAY, FRIDAY, THURSDAY]
    assert case.versions(MINISTRYS) == [("ly", 1)]
    assert case.versions(HOSTS) == [("pt", 1)]
    assert case.versions(BOTH) == [("ly", 1), ("pt", 1)]
    # A day of the host ends in the host's zone, and a day of both in the ministry's.
    ends = [case.store.find(Deadline, id).due_at for id in (HOSTS, BOTH)]
    assert ends == [datetime(2025, 8, 29, 23, tzinfo=UTC), datetime(2025, 8, 28, 22, tzinfo=UTC)]
    (scheduled,) = case.store.said(said.PlanScheduled)
    assert scheduled.host_calendar is not None and scheduled.host_calendar.calendar == "pt"
    assert case.notes == []


def test_a_reckoning_tells_of_each_day_off_by_which_calendar() -> None:
    case = dated()
    deadline = case.store.find(Deadline, BOTH)
    calendar = case.store.run(lambda turn: calendar_of(turn, deadline))
    assert deadline.computed is not None
    rolled = {day.day: [one.calendar for one in day.off] for day in explained(deadline.computed, calendar)}
    saturday = date(2025, 8, 30)
    assert rolled[SUNDAY] == ["pt"] and rolled[saturday] == ["ly", "pt"] and rolled[FRIDAY] == ["ly"]
    assert rolled[THURSDAY] == []


def test_where_the_host_has_no_calendar_the_ministrys_counts_and_the_plan_says_so() -> None:
    # Given a host State of which no calendar is declared, when the plan is drawn up and dated,
    case = Hosted()
    (before,) = case.notes
    case.date()
    # Then its tasks count by the ministry's calendar alone, and the plan names them.
    assert case.due == [SUNDAY] * 3
    assert case.versions(BOTH) == [("ly", 1)] and case.plan.host_calendar is None
    (note,) = case.notes
    assert note == before and (note["code"], note["country"]) == ("host-without-calendar", PORTUGAL)
    assert note["tasks"] == [HOSTS, BOTH] and "PT" in note["text"]["en"] and "PT" in note["text"]["ar"]
    # When the calendar is declared, nothing moves, and the plan says what it waits for;
    case.declare()
    assert case.due == [SUNDAY] * 3
    assert [note["code"] for note in case.notes] == ["host-calendar-not-approved"]
    # and once it is approved, its deadlines are moved, those that ask for it alone.
    assert case.approve("pt", 1) == {HOSTS: "2025-08-29", BOTH: "2025-08-28"}
    assert case.due == [SUNDAY, FRIDAY, THURSDAY] and case.notes == []


def test_a_plan_tells_when_its_calendar_is_the_hosts_no_more() -> None:
    # Given a plan that is dated under the host's calendar, when that is declared anew without the country,
    case = dated().declare("pt", of_host(label="2", country=None))
    # then it stays on what was approved for it, and says so;
    (note,) = case.notes
    assert (note["code"], note["calendar"], note["counted"]) == ("host-without-calendar", None, "pt")
    assert note["tasks"] == [HOSTS, BOTH] and "pt" in note["text"]["en"] and "pt" in note["text"]["ar"]
    # where another calendar is the country's, it waits for the approval of that,
    case.declare("pt2", of_host(THURSDAY))
    (note,) = case.notes
    assert (note["code"], note["calendar"], note["counted"]) == ("host-calendar-not-approved", "pt2", "pt")
    assert "pt2" in note["text"]["en"] and case.due == [SUNDAY, FRIDAY, THURSDAY]
    # and with that, all is well.
    assert case.approve("pt2", 1) == {BOTH: "2025-08-27"} and case.notes == []


def test_a_calendar_that_is_declared_before_the_dates_are_set_counts_from_the_beginning() -> None:
    case = Hosted()
    assert [note["code"] for note in case.notes] == ["host-without-calendar"]
    case.declare()
    assert case.notes == [] and case.date().due == [SUNDAY, FRIDAY, THURSDAY]


def test_a_plan_whose_order_did_not_tell_the_host_counts_by_the_ministrys_and_says_so() -> None:
    case = Hosted(host=None).declare().date()
    assert case.due == [SUNDAY] * 3
    assert [note["code"] for note in case.notes] == ["host-unknown"]
    assert case.store.find(Task, BOTH).planned.host is None


def test_a_mission_in_the_ministrys_own_country_counts_by_the_one_calendar() -> None:
    case = Hosted(host="LY")
    case.declare("ly", declaration(label="2").model_copy(update={"country": "LY"})).date()
    assert case.due == [SUNDAY] * 3 and case.versions(BOTH) == [("ly", 2)]
    assert case.notes == []
    assert case.off("ly", SUNDAY).approve("ly", 3) == dict.fromkeys((MINISTRYS, HOSTS, BOTH), "2025-08-28")


def test_a_holiday_of_either_calendar_moves_what_counts_by_it_and_only_once_it_is_approved() -> None:
    case = dated().off("pt", THURSDAY).off("ly", SUNDAY)
    assert case.due == [SUNDAY, FRIDAY, THURSDAY]
    # The host's is approved: the ministry's own, which nobody approved, moves nothing.
    assert case.approve("pt", 2) == {BOTH: "2025-08-27"}
    assert case.versions(BOTH) == [("ly", 1), ("pt", 2)] and case.versions(MINISTRYS) == [("ly", 1)]
    # Then the ministry's: what counts by the host's calendar alone stays.
    assert case.approve("ly", 2) == {MINISTRYS: "2025-08-28"}
    assert case.due == [THURSDAY, FRIDAY, WEDNESDAY]
    assert case.versions(BOTH) == [("ly", 2), ("pt", 2)] and case.versions(HOSTS) == [("pt", 2)]


def test_a_calendar_is_approved_for_a_whole_decree_too() -> None:
    case = dated().off("pt", THURSDAY, FRIDAY)
    assert case.approve("pt", 3, plan=None) == {HOSTS: "2025-08-27", BOTH: "2025-08-27"}


def test_only_a_calendar_that_has_a_part_is_approved_for_a_plan() -> None:
    case = dated().declare("es", of_host(country="ES"))
    with pytest.raises(CalendarOfOthers, match="ly, pt"):
        case.approve("es", 1)
    assert case.approve("es", 1, plan=None) == {}
    with pytest.raises(NotTheNewest):
        case.off("pt", THURSDAY).approve("pt", 1)
    plain = Hosted(adopted=proposal(step(1))).declare().date()
    with pytest.raises(CalendarOfOthers):
        plain.approve("pt", 1)


def test_a_hold_gives_back_the_days_on_which_both_work() -> None:
    # Given a hold from Thursday 14 August to Monday 25 August, with two host holidays after it,
    case = Hosted().declare(declared=of_host(date(2025, 8, 26), date(2025, 9, 1))).date()
    case.at("2025-08-14").hold()
    (stopped,) = case.said(said.DeadlineSuspended)
    # Then seven days were left on which both work: Monday to Thursday of two weeks, less the holiday;
    assert stopped.working_days_left == 7
    assert [(one.calendar, one.version) for one in stopped.also] == [("pt", 1)]
    # and counted from 25 August, without 26 August and 1 September, they end on Tuesday 9 September.
    case.at("2025-08-25").lift()
    (resumed,) = case.said(said.DeadlineResumed)
    assert resumed.due_on == date(2025, 9, 9) and resumed.also == stopped.also
    # What counts by the host alone had ten days left: Fridays count as well.
    assert [event.working_days_left for event in case.said(said.DeadlineSuspended, HOSTS)] == [10]


def test_an_extension_stands_when_a_calendar_changes_but_rolls_to_a_day_that_works_in_both() -> None:
    granted = date(2025, 9, 11)  # a Thursday
    case = dated().at("2025-08-20").extend(BOTH, granted)
    (extended,) = case.said(said.DeadlineExtended)
    assert [(one.calendar, one.version) for one in extended.also] == [("pt", 1)]
    assert case.off("pt", granted).approve("pt", 2) == {BOTH: "2025-09-10"}
    assert case.said(said.DeadlineSet)[-1].extension == f"{BOTH}-x1"


def test_a_miss_keeps_the_versions_of_both() -> None:
    case = dated().at("2025-09-03")
    deadline, task = case.store.find(Deadline, BOTH), case.store.find(Task, BOTH)
    case.store.run(lambda turn: turn.get(Deadline, BOTH).miss(task, (), turn.moment))
    (missed,) = case.said(said.DeadlineMissed)
    assert (missed.calendar, [(one.calendar, one.version) for one in missed.also]) == ("ly", [("pt", 1)])
    assert deadline.missed


def test_other_dates_are_reckoned_under_the_newest_of_both() -> None:
    case = dated().off("pt", date(2025, 9, 4))
    case.date(replace(DATES, official_on=date(2025, 10, 4)))  # 30 days before it is Thursday 4 September
    assert case.due == [date(2025, 9, 4), date(2025, 9, 3), date(2025, 9, 3)]
    assert case.versions(BOTH) == [("ly", 1), ("pt", 2)]


def change(case: Hosted, **parts: object) -> dict[str, object]:
    change = PlanProposal.model_validate({"reason": "The bank asks", **parts})
    told: dict[str, object] = case.store.run(lambda turn: replan_plan(turn, MEASURE, change))
    return told


def test_a_re_plan_counts_by_what_was_approved_for_the_plan() -> None:
    # Given a plan whose host has a newer calendar that nobody approved for it,
    case = dated().off("pt", THURSDAY).off("ly", SUNDAY)
    # When a task is added that counts by both, and another is to count by the host's,
    added = step(9, window="-30", counts_by="both")
    change(case, add=[added], move=[{"task": MINISTRYS, "window": "-30", "counts_by": "host"}])
    # Then the versions are those of the plan.
    assert case.versions(f"{MEASURE}-t09") == [("ly", 1), ("pt", 1)]
    assert case.store.find(Deadline, f"{MEASURE}-t09").due_on == THURSDAY
    assert case.versions(MINISTRYS) == [("pt", 1)] and case.due[0] == FRIDAY
    assert case.store.find(Task, MINISTRYS).planned.counts_by is CountsBy.HOST
    # A window that is moved leaves whose days count as it is.
    change(case, move=[{"task": BOTH, "window": "-29"}])
    assert case.versions(BOTH) == [("ly", 1), ("pt", 1)] and case.due[2] == date(2025, 9, 1)


def test_a_re_plan_that_asks_for_the_host_first_takes_its_newest_calendar() -> None:
    case = Hosted(adopted=proposal(step(1, window="-30"), step(4))).declare().date().off("pt", THURSDAY)
    assert case.plan.host_calendar is None
    change(case, add=[step(9, window="-30", counts_by="both")])
    assert case.versions(f"{MEASURE}-t09") == [("ly", 1), ("pt", 2)]
    assert case.plan.host_calendar is not None and case.plan.host_calendar.version == 2
    # So it does where tasks have fallen back on the ministry's: they stay together until it is approved.
    back = Hosted().date().declare()
    change(back, add=[step(9, window="-30", counts_by="both")])
    assert back.versions(f"{MEASURE}-t09") == [("ly", 1)]
    assert set(back.approve("pt", 1)) == {HOSTS, BOTH, f"{MEASURE}-t09"}


def test_nobody_asks_by_hand_for_the_calendar_of_a_host_that_is_not_known() -> None:
    case = Hosted(host=None).date()
    with pytest.raises(ReplanFlawed) as refused:
        change(
            case,
            add=[step(9, window="-30", counts_by="host")],
            move=[{"task": MINISTRYS, "window": "-30", "counts_by": "both"}],
        )
    assert [flaw["code"] for flaw in refused.value.facts["flaws"]] == ["no-host", "no-host"]


def test_a_plan_that_is_moved_to_a_newer_procedure_counts_as_that_asks() -> None:
    # Given a plan by a procedure that asks for no host, and a newer version that does,
    case = Hosted(adopted=proposal(*(step(number, window="-30") for number in (1, 2, 3)), step(4)))
    case.declare().date()
    assert case.due == [SUNDAY] * 3
    newer = HOSTED.model_copy(update={"label": "2"})
    departments = set(newer.departments())
    case.store.run(lambda turn: turn.get(Template, "closing").adopt(newer, departments, NOW))
    # When the plan is moved to it, then its tasks count by the host's calendar too.
    told = case.store.run(lambda turn: renew_plan(turn, MEASURE, 2, "The host's days count"))
    assert told["changed"] == [HOSTS, BOTH]
    assert case.due == [SUNDAY, FRIDAY, THURSDAY] and case.versions(LAST) == [("ly", 1)]
    replanned = case.store.said(said.PlanReplanned)[-1]
    assert {one.task: one.counts_by.value for one in replanned.changed}[BOTH] == "both"


def test_a_country_has_one_calendar_and_another_only_once_that_is_withdrawn() -> None:
    case = dated()
    with pytest.raises(CountryHasCalendar, match="Calendar pt is that of PT"):
        case.declare("pt-2", of_host())
    case.declare("pt", of_host(label="2"))
    assert len(case.store.said(said.CountryCalendarNamed)) == 1
    # Given a calendar that is not the country's any more, what was counted by it stays, and is still moved;
    case.declare("pt", of_host(THURSDAY, label="3", country=None))
    assert case.store.find(Country, PORTUGAL).calendar is None
    assert [note["code"] for note in case.notes] == ["host-without-calendar"]
    assert case.approve("pt", 3) == {BOTH: "2025-08-27"}
    # and once another is the country's, its approval takes the place of the former.
    case.declare("pt-2", of_host(FRIDAY))
    assert case.approve("pt-2", 1) == {HOSTS: "2025-08-28", BOTH: "2025-08-28"}
    assert case.versions(BOTH) == [("ly", 1), ("pt-2", 1)] and case.versions(HOSTS) == [("pt-2", 1)]
    # A country is changed in one declaration.
    case.declare("pt-2", of_host(label="2", country="ES"))
    assert case.store.find(Country, "ES").calendar == "pt-2"
    assert case.store.find(Country, PORTUGAL).calendar is None


def test_weekends_that_leave_no_day_together_are_refused_before_anything_moves() -> None:
    others = tuple(day for day in Weekday if day not in (Weekday.FRIDAY, Weekday.SATURDAY))
    case = Hosted().declare(declared=of_host(weekend=others))
    with pytest.raises(CalendarsNotTogether, match="ly, pt"):
        case.date()
    assert case.plan.dates is None
    case.declare("pt", of_host(label="2")).date()
    assert case.due == [SUNDAY, FRIDAY, THURSDAY]


def test_a_plan_that_is_drawn_up_anew_forgets_the_calendar_of_the_former() -> None:
    case = dated()
    assert case.plan.host_calendar is not None and case.store.find(Calendar, "pt").country == PORTUGAL
    case.store.run(lambda turn: turn.get(Plan, MEASURE).drop("Dropped", turn.actor, turn.moment))
    case.store.run(lambda turn: draft_plan(turn, MEASURE, ordered(host="ES"), "closing"))
    assert case.plan.host_calendar is None and [note["country"] for note in case.notes] == ["ES"]
