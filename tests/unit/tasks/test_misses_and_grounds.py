"""A miss, and what stands beside it, is the same in whichever order things become known."""

from datetime import date

from services.tasks.plan import ClosingDates
from shared.contracts import tasks as said
from tests.unit.tasks.dated import DUE_ON, Dated, moment
from tests.unit.tasks.given import DATES

LATER_T = ClosingDates(public_on=date(2025, 9, 30), official_on=date(2025, 10, 30))


def misses(case: Dated) -> list[tuple[date, bool]]:
    return [(miss.due_on, miss.late) for miss in case.told(said.DeadlineMissed)]


def grounds(case: Dated) -> list[tuple[str, str | None]]:
    return [(one.ground.value, one.hold) for one in case.told(said.DeadlineMissQualified)]


def test_a_hold_qualifies_the_same_miss_before_and_after_the_sweeper() -> None:
    swept = Dated().at("2025-09-02").sweep().hold(effective_at="2025-08-25")
    not_yet = Dated().at("2025-09-02").hold(effective_at="2025-08-25").sweep()
    for case in (swept, not_yet):
        assert (misses(case), grounds(case)) == ([(DUE_ON, True)], [("hold", "h1")])
        assert case.deadline.suspension is not None


def test_an_earlier_submission_qualifies_the_same_miss_before_and_after_the_sweeper() -> None:
    swept = Dated().start().at("2025-09-02").sweep().submit("2025-08-25")
    not_yet = Dated().start().at("2025-09-02").submit("2025-08-25").sweep()
    for case in (swept, not_yet):
        assert (misses(case), grounds(case)) == ([(DUE_ON, True)], [("submission", None)])


def test_work_that_was_in_time_and_is_returned_late_is_missed_with_its_submission_beside_it() -> None:
    case = Dated().start().at("2025-08-30").submit().at("2025-09-05").give_back()
    assert (misses(case), grounds(case)) == ([(DUE_ON, False)], [("submission", None)])
    (qualified,) = case.told(said.DeadlineMissQualified)
    assert qualified.effective_at == qualified.submitted_recorded_at == moment("2025-08-30")
    assert qualified.reason.en and "returned" in qualified.reason.en and qualified.reason.ar
    # What is handed in then is late all the same.
    case.at("2025-09-06").start_again().submit().accept()
    (met,) = case.told(said.DeadlineMet)
    assert not met.on_time
    assert len(grounds(case)) == 1


def test_work_that_was_late_and_is_returned_has_nothing_beside_its_miss() -> None:
    case = Dated().start().at("2025-09-02").submit().at("2025-09-05").give_back()
    assert grounds(case) == []


def test_a_date_that_was_over_when_it_was_set_shows_that_nobody_could_keep_it() -> None:
    past = Dated(dated=False).at("2025-10-05").set_dates()
    assert [event.already_past for event in past.told(said.DeadlineSet)] == [True]
    assert [miss.already_past for miss in past.sweep().told(said.DeadlineMissed)] == [True]
    missed = Dated().at("2025-09-02").sweep()
    assert [miss.already_past for miss in missed.told(said.DeadlineMissed)] == [False]
    # A newer date is one that can be kept.
    past.set_dates(ClosingDates(date(2025, 12, 1), date(2025, 12, 31))).at("2026-01-01").sweep()
    assert [miss.already_past for miss in past.told(said.DeadlineMissed)] == [True, False]


def test_a_lift_that_becomes_known_after_the_days_it_gave_shows_that_too() -> None:
    case = Dated().at("2025-08-24").hold().at("2025-12-01").lift(effective_at="2025-09-15").sweep()
    (missed,) = case.told(said.DeadlineMissed)
    assert (missed.due_on, missed.already_past) == (date(2025, 9, 22), True)


def test_a_date_that_is_set_into_a_hold_that_is_over_is_missed_with_that_hold_beside_it() -> None:
    case = Dated().at("2025-08-20").hold().at("2025-09-10").lift()
    case.set_dates(LATER_T).set_dates(DATES).sweep()
    assert (misses(case), grounds(case)) == ([(DUE_ON, False)], [("hold", "h1")])
    (qualified,) = case.told(said.DeadlineMissQualified)
    assert qualified.effective_at == moment("2025-08-20")


def test_a_hold_that_was_over_before_the_due_moment_or_began_after_it_is_not_beside_the_miss() -> None:
    case = Dated(dated=False).at("2025-08-01").hold("a").at("2025-08-20").lift("a")
    case.at("2025-09-10").hold("b").at("2025-09-20").lift("b").at("2025-10-01").set_dates().sweep()
    assert (misses(case), grounds(case)) == ([(DUE_ON, False)], [])


def test_late_work_is_not_on_time_because_of_a_hold_that_becomes_known_after_it() -> None:
    late = Dated().start().at("2025-09-10").sweep().submit()
    open_hold = late.hold(effective_at="2025-08-27").accept()
    assert [met.on_time for met in open_hold.told(said.DeadlineMet)] == [False]
    late = Dated().start().at("2025-09-10").sweep().submit().at("2025-09-25")
    lifted = late.hold(effective_at="2025-08-27").lift(effective_at="2025-09-24").accept()
    assert [met.on_time for met in lifted.told(said.DeadlineMet)] == [False]


def test_work_that_is_handed_in_under_a_hold_is_on_time_whenever_it_is_accepted() -> None:
    known = Dated().start().at("2025-09-02").sweep().hold(effective_at="2025-08-27")
    known.at("2025-09-10").submit()
    assert known.accept().told(said.DeadlineMet)[0].on_time
    again = Dated().start().at("2025-09-02").sweep().hold(effective_at="2025-08-27")
    again.at("2025-09-10").submit().at("2025-09-15").lift()
    assert again.accept().told(said.DeadlineMet)[0].on_time


def test_time_that_is_granted_after_late_work_does_not_make_it_on_time() -> None:
    case = Dated().start().at("2025-09-02").submit().extend(date(2025, 9, 30)).accept()
    assert [met.on_time for met in case.told(said.DeadlineMet)] == [False]


def test_a_hold_or_a_date_that_was_recorded_in_time_and_arrives_late_leaves_no_miss() -> None:
    held = Dated().at("2025-09-02").hold(effective_at="2025-08-25", known_at="2025-08-26").sweep()
    moved = Dated().at("2025-09-02").set_dates(LATER_T, known_at="2025-08-26").sweep()
    for case in (held, moved):
        assert (misses(case), grounds(case)) == ([], [])
    # What had passed when the registry recorded it is missed all the same.
    held = Dated().at("2025-09-03").hold(effective_at="2025-08-25", known_at="2025-09-01").sweep()
    moved = Dated().at("2025-09-03").set_dates(LATER_T, known_at="2025-09-01").sweep()
    assert (misses(held), grounds(held)) == ([(DUE_ON, True)], [("hold", "h1")])
    assert misses(moved) == [(DUE_ON, True)]
