"""Which hold and which day a clock goes on with, and from where it runs after that."""

from datetime import date

from shared.contracts import tasks as said
from tests.unit.tasks.dated import Dated
from tests.unit.tasks.given import declaration


def resumptions(case: Dated) -> list[tuple[str, date, date]]:
    return [(event.hold, event.since, event.due_on) for event in case.told(said.DeadlineResumed)]


def test_a_hold_that_moved_nothing_is_not_what_the_clock_goes_on_with() -> None:
    case = Dated().at("2025-08-05").hold("f", "2030-01-01").lift("f", "2030-02-01")
    case.at("2025-08-10").hold("h1").at("2025-08-17").lift("h1")
    assert [(hold, since) for hold, since, _ in resumptions(case)] == [("h1", date(2025, 8, 17))]
    # Nor does the clock run from the days of that hold on, after a grant.
    case.at("2025-08-18").extend(date(2025, 9, 30))
    assert case.deadline.counts_from == date(2025, 8, 17)
    case.at("2025-09-01").hold("h2").at("2025-09-10").lift("h2")
    assert case.deadline.due_on == date(2025, 10, 9)  # seven working days later


def test_a_newer_calendar_goes_on_with_the_hold_that_moved_the_day_not_with_a_later_one() -> None:
    case = Dated().at("2025-08-10").hold("h1").at("2025-08-17").lift("h1").at("2025-10-01")
    case.hold("h2").at("2025-10-10").lift("h2")
    case.declare("2", date(2025, 8, 19))
    assert resumptions(case)[-1][:2] == ("h1", date(2025, 8, 17))


def test_a_hold_that_was_over_on_its_own_day_goes_on_by_itself() -> None:
    case = Dated().at("2025-08-10").hold("h1").at("2025-08-17").lift("h1")
    case.at("2025-08-20").hold("h2").at("2025-08-20 15:00").lift("h2")
    assert [(hold, since) for hold, since, _ in resumptions(case)] == [
        ("h1", date(2025, 8, 17)),
        ("h2", date(2025, 8, 20)),
    ]


def test_what_moves_a_deadline_says_under_which_calendar_and_whether_that_knew_all_days() -> None:
    case = Dated().at("2025-08-24").hold().at("2025-09-15").lift().extend(date(2026, 12, 31))
    moved = [event for row in case.store.log if isinstance(event := row.event, said.DeadlineMoved)]
    firsts = [event for event in moved if event.task == case.task.id]
    assert [type(event) for event in firsts] == [
        said.DeadlineSuspended,
        said.DeadlineResumed,
        said.DeadlineExtended,
    ]
    assert {(event.calendar, event.calendar_version, event.provisional) for event in firsts} == {
        ("ly", 1, False)
    }
    assert declaration().covers_to == date(2026, 12, 31)
    case.extend(date(2027, 1, 3), 2)
    assert case.told(said.DeadlineExtended)[-1].provisional
    case.at("2026-12-20").hold("h2").at("2027-01-10").lift("h2")
    assert [event.provisional for event in case.told(said.DeadlineResumed)] == [False, True]
    assert case.told(said.DeadlineSuspended)[-1].provisional
