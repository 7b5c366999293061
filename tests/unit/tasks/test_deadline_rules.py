from datetime import UTC, date, datetime, timedelta

import pytest

from services.tasks.deadline import TOLERANCE, Ending
from services.tasks.plan import ClosingDates
from services.tasks.sweeping import approaching, missing
from services.tasks.task import Task
from shared.contracts import tasks as said
from tests.unit.tasks.dated import DUE_AT, DUE_ON, FIRST, WARN_AT, Dated
from tests.unit.tasks.given import MEASURE, OFFICE

LATER_T = ClosingDates(public_on=date(2025, 9, 30), official_on=date(2025, 10, 30))
"""The first task is due on Tuesday 30 September then."""


def test_setting_rolls_both_ends_of_the_window_to_working_days() -> None:
    case = Dated()
    (was_set,) = case.told(said.DeadlineSet, f"{MEASURE}-t02")
    assert (was_set.opens_on, was_set.deadline.raw, was_set.due_on) == (
        date(2025, 9, 10),
        date(2025, 9, 20),
        date(2025, 9, 18),
    )
    assert (was_set.deadline.calendar, was_set.deadline.calendar_version, was_set.supersedes) == (
        "ly",
        1,
        None,
    )
    assert (was_set.extension, was_set.runs_from) == (None, date(2025, 5, 5))


def test_a_second_t_sets_the_deadline_anew_and_keeps_the_first_in_history() -> None:
    case = Dated()
    first = case.deadline.computed
    case.set_dates(LATER_T)
    assert case.told(said.DeadlineSet)[1].supersedes == first
    assert case.deadline.due_on == date(2025, 9, 30)


def test_the_same_t_under_the_same_calendar_changes_nothing() -> None:
    case = Dated()
    before = len(case.store.log)
    assert len(case.set_dates().store.log) == before


def test_a_settled_task_gets_no_deadline() -> None:
    case = Dated(dated=False).cancel().set_dates()
    assert not case.deadline.exists


def test_five_working_days_before_it_a_deadline_is_near_and_that_is_told_once() -> None:
    case = Dated().at("2025-08-23 21:59").sweep()
    assert case.told(said.DeadlineApproaching) == []
    case.at("2025-08-23 22:00").sweep().at("2025-08-25").sweep()
    (near,) = case.told(said.DeadlineApproaching)
    assert (near.due_on, near.due_at, near.working_days_left) == (DUE_ON, DUE_AT, 5)
    assert case.deadline.warn_at == WARN_AT


def test_each_due_day_has_a_warning_of_its_own() -> None:
    case = Dated().at("2025-08-25").sweep().set_dates(LATER_T).sweep().at("2025-09-28").sweep()
    assert [near.due_on for near in case.told(said.DeadlineApproaching)] == [DUE_ON, date(2025, 9, 30)]


def test_a_deadline_is_missed_at_the_end_of_its_day_and_for_good() -> None:
    case = Dated().at("2025-08-31 21:59").sweep()
    assert case.told(said.DeadlineMissed) == []
    case.at("2025-08-31 22:00").sweep().at("2025-09-15").sweep()
    (missed,) = case.told(said.DeadlineMissed)
    assert (missed.due_on, missed.due_at, missed.calendar_version, missed.late) == (DUE_ON, DUE_AT, 1, False)
    assert case.deadline.missed


@pytest.mark.parametrize(("after", "late"), [(TOLERANCE, False), (TOLERANCE + timedelta(seconds=1), True)])
def test_a_miss_that_is_recorded_after_an_outage_is_late(after: timedelta, late: bool) -> None:
    case = Dated()
    case.store.now = DUE_AT + after
    (missed,) = case.sweep().told(said.DeadlineMissed)
    assert missed.late is late


def test_what_passed_during_an_outage_is_missed_without_a_warning() -> None:
    case = Dated().at("2025-09-02").sweep()
    assert case.told(said.DeadlineApproaching) == []
    assert len(case.told(said.DeadlineMissed)) == 1


def test_a_deadline_that_has_passed_when_it_is_set_is_missed_and_not_late() -> None:
    case = Dated(dated=False).at("2025-10-05").set_dates().sweep()
    (missed,) = case.told(said.DeadlineMissed)
    assert (missed.due_on, missed.late) == (DUE_ON, False)


def test_a_new_t_may_be_missed_again_and_takes_no_miss_back() -> None:
    case = Dated().at("2025-09-01").sweep().set_dates(LATER_T).at("2025-10-01").sweep()
    assert [miss.due_on for miss in case.told(said.DeadlineMissed)] == [DUE_ON, date(2025, 9, 30)]
    assert [miss.due_on for miss in case.deadline.misses] == [DUE_ON, date(2025, 9, 30)]


def test_a_miss_that_nobody_has_recorded_yet_is_recorded_before_a_new_t() -> None:
    case = Dated().at("2025-09-02").set_dates(LATER_T)
    (missed,) = case.told(said.DeadlineMissed)
    assert (missed.due_on, missed.late) == (DUE_ON, True)
    assert case.deadline.due_on == date(2025, 9, 30)


def test_a_command_of_the_sweeper_does_nothing_about_a_deadline_that_moved() -> None:
    case = Dated().set_dates(LATER_T)
    before = len(case.store.log)
    for moment in ("2025-09-28", "2025-10-02"):  # when the new deadline is near, and when it has passed
        case.at(moment)
        for stale in (approaching(FIRST, WARN_AT, DUE_AT), missing(FIRST, DUE_AT)):
            assert not case.store.run(stale.decide)
    assert len(case.store.log) == before


def test_commands_of_the_sweeper_have_the_same_id_in_every_run_and_another_for_each_due_moment() -> None:
    later = DUE_AT + timedelta(days=1)
    ids = {
        missing(FIRST, DUE_AT).by.id,
        missing(FIRST, later).by.id,
        missing("other", DUE_AT).by.id,
        approaching(FIRST, WARN_AT, DUE_AT).by.id,
        approaching(FIRST, WARN_AT, later).by.id,
    }
    assert len(ids) == 5
    assert missing(FIRST, DUE_AT).by.id == missing(FIRST, datetime(2025, 8, 31, 22, tzinfo=UTC)).by.id
    assert missing(FIRST, DUE_AT).by.effective_at == DUE_AT


def test_nothing_is_due_while_the_work_waits_for_acceptance() -> None:
    case = Dated().at("2025-08-20").start().submit().at("2025-09-05").sweep()
    assert case.told(said.DeadlineApproaching) == case.told(said.DeadlineMissed) == []


def test_work_that_is_returned_after_the_due_moment_is_missed_at_once_and_not_late() -> None:
    case = Dated().at("2025-08-20").start().submit().at("2025-09-05").give_back().sweep()
    (missed,) = case.told(said.DeadlineMissed)
    assert (missed.due_on, missed.late) == (DUE_ON, False)


def test_work_that_is_returned_before_the_due_moment_goes_on_and_may_be_missed() -> None:
    case = Dated().at("2025-08-10").start().submit().at("2025-08-12").give_back()
    assert case.told(said.DeadlineMissed) == []
    assert len(case.at("2025-08-31 22:01").sweep().told(said.DeadlineMissed)) == 1


def test_acceptance_meets_the_deadline_by_when_the_work_was_handed_in() -> None:
    case = Dated().at("2025-08-20").start().submit().at("2025-09-20").accept()
    (met,) = case.told(said.DeadlineMet)
    assert (met.due_on, met.on_time, met.submitted_at) == (
        DUE_ON,
        True,
        datetime(2025, 8, 20, 12, tzinfo=UTC),
    )
    assert case.deadline.ending is Ending.MET
    case.sweep()
    assert case.told(said.DeadlineMissed) == []


def test_work_that_was_handed_in_late_meets_it_late_and_the_miss_stays() -> None:
    case = Dated().at("2025-09-01").sweep().start().at("2025-09-02").submit().accept()
    (met,) = case.told(said.DeadlineMet)
    assert not met.on_time
    assert [miss.due_on for miss in case.deadline.misses] == [DUE_ON]


def test_work_that_is_handed_in_late_before_the_sweeper_came_is_missed_by_that() -> None:
    case = Dated().at("2025-08-20").start().at("2025-09-02").submit()
    (missed,) = case.told(said.DeadlineMissed)
    assert missed.late
    assert case.told(said.DeadlineMissQualified) == []


def test_a_submission_recorded_after_the_miss_and_effective_before_it_qualifies_it_once() -> None:
    case = Dated().start().at("2025-09-01").sweep().at("2025-09-03").submit("2025-08-30")
    (qualified,) = case.told(said.DeadlineMissQualified)
    assert (qualified.due_on, qualified.ground, qualified.hold) == (DUE_ON, said.MissGround.SUBMISSION, None)
    assert qualified.effective_at == datetime(2025, 8, 30, 12, tzinfo=UTC)
    assert qualified.submitted_recorded_at == datetime(2025, 9, 3, 12, tzinfo=UTC)
    assert qualified.reason.ar and qualified.reason.en
    assert case.deadline.missed
    case.accept()
    (met,) = case.told(said.DeadlineMet)
    assert met.on_time
    assert (met.submitted_at, met.submitted_recorded_at) == (
        datetime(2025, 8, 30, 12, tzinfo=UTC),
        datetime(2025, 9, 3, 12, tzinfo=UTC),
    )


def test_a_second_submission_qualifies_nothing_again() -> None:
    case = Dated().start().at("2025-09-01").sweep().submit("2025-08-30").give_back()
    case.start_again().submit()
    assert len(case.told(said.DeadlineMissQualified)) == 1
    assert len(case.told(said.DeadlineMissed)) == 1


def test_a_cancelled_task_drops_its_deadline() -> None:
    case = Dated().at("2025-08-20").cancel().at("2025-09-05").sweep()
    assert [dropped.due_on for dropped in case.told(said.DeadlineDropped)] == [DUE_ON]
    assert case.told(said.DeadlineMissed) == []


def test_a_task_that_is_cancelled_while_it_waits_for_acceptance_was_not_missed() -> None:
    case = Dated().at("2025-08-20").start().submit().at("2025-09-05").cancel()
    assert case.told(said.DeadlineMissed) == []
    assert len(case.told(said.DeadlineDropped)) == 1


def test_what_was_missed_before_it_was_cancelled_stays_missed() -> None:
    case = Dated().at("2025-09-05").cancel()
    assert len(case.told(said.DeadlineMissed)) == len(case.told(said.DeadlineDropped)) == 1


def test_a_task_without_a_deadline_has_nothing_to_meet_drop_or_miss() -> None:
    case = Dated(dated=False).at("2026-01-10").start().submit().give_back().start_again().submit().accept()
    assert not case.deadline.exists
    assert not Dated(dated=False).cancel().deadline.exists


def test_every_event_of_a_deadline_carries_its_query_keys() -> None:
    case = Dated().at("2025-08-25").sweep().at("2025-09-02").sweep()
    expected = {
        "decree": "298-2025",
        "article": "2",
        "measure": MEASURE,
        "mission": "emb-va",
        "plan": MEASURE,
        "task": FIRST,
        "department": "legal",
    }
    events = [row.event for row in case.store.log if row.stream == f"deadline.{FIRST}"]
    assert [type(event) for event in events] == [
        said.DeadlineSet,
        said.DeadlineApproaching,
        said.DeadlineMissed,
    ]
    assert [event.keys() for event in events] == [expected] * 3


def test_who_takes_part_is_told_by_what_the_deadline_does() -> None:
    case = Dated()
    case.store.run(
        lambda turn: turn.get(Task, FIRST).assign("legal", ("archives",), None, OFFICE, turn.moment)
    )
    case.at("2025-08-25").sweep().at("2025-09-02").sweep()
    told = {type(row.event): row.event.co_executors_told() for row in case.store.log if row.id == FIRST}
    assert told[said.DeadlineSet] == ("protocol",)
    for kind in (said.DeadlineApproaching, said.DeadlineMissed):
        assert told[kind] == ("archives",)
