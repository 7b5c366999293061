"""Work that is entered before its plan has dates: its deadline is opened all the same, and judged at once."""

from datetime import UTC, date, datetime

import pytest

from services.tasks.deadline import DeadlineState
from services.tasks.plan import ClosingDates
from services.tasks.views.deadlines import in_force
from shared.contracts import tasks as said
from tests.unit.tasks.dated import DUE_AT, FIRST, Dated, moment
from tests.unit.tasks.given import MemoryViews

ENTERED = "2026-03-01"
"""When everything is entered, long after the first task was due (31 August 2025)."""


def judged(case: Dated) -> dict[str, object]:
    """What is known of the first task's deadline, but for what tells in which order it became known."""
    row = MemoryViews(case.store).rows("deadlines")[FIRST]
    names = ("state", "due_on", "missed", "qualified", "misses", "on_time", "submitted_at", "next_at")
    return {name: row[name] for name in names}


def entered(case: Dated, handed_in: str, order: tuple[str, ...]) -> Dated:
    case.at(ENTERED)
    for step in order:
        match step:
            case "dates":
                case.set_dates(effective_at="2025-05-10")
                case.sweep()
            case "work":
                case.start_as_of("2025-05-06").submit(handed_in)
            case "accept":
                case.accept("2026-02-01")
    return case


@pytest.mark.parametrize("handed_in", ["2025-08-20", "2025-09-20"])
@pytest.mark.parametrize("accepted", [False, True])
def test_in_whatever_order_dates_and_work_are_entered_the_same_is_known(
    handed_in: str, accepted: bool
) -> None:
    work = ("work", "accept") if accepted else ("work",)
    first = judged(entered(Dated(dated=False), handed_in, ("dates", *work)))
    last = judged(entered(Dated(dated=False), handed_in, (*work, "dates")))
    assert last == first
    assert first["missed"] is True and first["due_on"] == "2025-08-31"
    assert first["qualified"] is (handed_in < "2025-08-31")
    assert first["state"] == ("met" if accepted else "missed")
    if accepted:
        assert first["on_time"] is (handed_in < "2025-08-31")


def test_between_submission_and_acceptance_the_dates_are_judged_alike() -> None:
    late = entered(Dated(dated=False), "2025-09-20", ("work", "dates", "accept"))
    assert judged(late) == judged(entered(Dated(dated=False), "2025-09-20", ("dates", "work", "accept")))
    (miss,) = late.told(said.DeadlineMissed)
    assert (miss.already_past, miss.late) == (True, False)
    (met,) = late.told(said.DeadlineMet)
    assert not met.on_time


@pytest.mark.parametrize("accepted", [False, True])
def test_work_that_was_handed_in_and_recorded_before_it_was_due_misses_nothing(accepted: bool) -> None:
    case = Dated(dated=False).at("2025-06-01").start().submit()
    if accepted:
        case.accept()
    case.at(ENTERED).set_dates(effective_at="2025-05-10").sweep()
    assert not case.told(said.DeadlineMissed)
    if not accepted:
        assert case.deadline.state is DeadlineState.RUNNING
        case.accept()
    (met,) = case.told(said.DeadlineMet)
    assert met.on_time and case.deadline.state is DeadlineState.MET


def test_a_deadline_that_opens_for_accepted_work_is_met_as_of_the_acceptance() -> None:
    case = entered(Dated(dated=False), "2025-09-20", ("work", "accept", "dates"))
    row = MemoryViews(case.store).rows("deadlines")[FIRST]
    states = [in_force(row, moment(day))["state"] for day in ("2025-05-20", "2025-12-01", "2026-02-02")]
    assert states == ["running", "missed", "met"]


def test_a_hold_of_the_due_moment_excuses_it_and_makes_late_work_no_timely_work() -> None:
    case = Dated(dated=False).at("2025-09-01").hold(effective_at="2025-08-30").lift(effective_at="2025-08-30")
    case.at("2025-10-01").start_as_of("2025-05-06").submit("2025-09-20").accept()
    case.set_dates(effective_at="2025-05-10")
    (met,) = case.told(said.DeadlineMet)
    assert (met.submitted_at, met.on_time) == (datetime(2025, 9, 20, 12, tzinfo=UTC), False)


def test_work_that_was_returned_before_the_dates_were_known_keeps_what_excuses_it() -> None:
    case = Dated(dated=False).at(ENTERED).start_as_of("2025-05-06").submit("2025-08-20").give_back()
    case.set_dates(effective_at="2025-05-10").sweep()
    (miss,) = case.deadline.misses
    assert miss.due_at == DUE_AT and [one.ground for one in miss.grounds] == [said.MissGround.SUBMISSION]


def test_cancelled_tasks_get_no_deadline_and_other_dates_change_nothing_that_was_met() -> None:
    case = Dated(dated=False).start().cancel()
    case.set_dates()
    assert not case.deadline.exists
    case = entered(Dated(dated=False), "2025-09-20", ("work", "accept", "dates"))
    before = case.deadline.version
    case.set_dates(ClosingDates(public_on=date(2026, 8, 30), official_on=date(2026, 9, 30)))
    assert case.deadline.version == before


def test_work_in_hand_that_was_timely_is_not_missed_by_earlier_dates() -> None:
    case = Dated().at("2025-06-01").start().submit().at("2025-10-01")
    case.set_dates(ClosingDates(public_on=date(2025, 4, 30), official_on=date(2025, 5, 20)))
    assert not case.told(said.DeadlineMissed)
