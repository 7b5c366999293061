"""The decree's own tasks move to a newer calendar, as plans do."""

from datetime import date

import pytest

from services.tasks.application import Tasks
from services.tasks.calendar import Calendar
from services.tasks.deadline import Deadline
from services.tasks.scheduling import reschedule_decree
from services.tasks.sweeping import missing
from shared.contracts import tasks as said
from shared.domain import NotFound
from shared.domain.permission import NotPermitted
from tests.unit.tasks.dated import DECREE, Dated
from tests.unit.tasks.given import ADMIN, LEGAL, MemoryViews, by, declaration
from tests.unit.tasks.test_holds import REPORT, with_report


def with_newer_calendar(*days_off: date) -> Dated:
    """The report is due on Thursday 29 May 2025 by the first version of the calendar."""
    case = with_report().at("2025-05-10")
    newer = declaration(*days_off, label="2")
    case.store.run(lambda turn: turn.get(Calendar, "ly").declare(newer, turn.moment))
    return case


def reschedule(case: Dated) -> dict[str, object]:
    return case.store.run(lambda turn: reschedule_decree(turn, DECREE, "ly"))


def test_a_report_moves_to_a_newer_calendar_and_plans_stay_as_they_are() -> None:
    case = with_newer_calendar(date(2025, 5, 29))
    before = case.deadline.computed
    assert reschedule(case) == {"decree": DECREE, "scheduled": [REPORT]}
    report = case.store.find(Deadline, REPORT)
    assert (report.due_on, report.computed and report.computed.calendar_version) == (date(2025, 5, 28), 2)
    assert case.deadline.computed == before
    log = len(case.store.log)
    assert reschedule(case) == {"decree": DECREE, "scheduled": []}
    assert len(case.store.log) == log


def test_a_hold_is_given_back_again_and_a_miss_of_before_stays() -> None:
    case = with_newer_calendar(date(2025, 6, 3)).at("2025-05-20").hold().at("2025-06-01").lift()
    assert case.store.find(Deadline, REPORT).due_on == date(2025, 6, 10)
    due_at = case.store.find(Deadline, REPORT).due_at
    assert due_at is not None and case.at("2025-06-20").store.run(missing(REPORT, due_at).decide)
    reschedule(case)
    assert case.store.find(Deadline, REPORT).due_on == date(2025, 6, 11)
    assert [miss.due_on for miss in case.told(said.DeadlineMissed, REPORT)] == [date(2025, 6, 10)]


async def test_it_is_for_the_office_and_for_a_decree_that_is_known() -> None:
    case = with_newer_calendar(date(2025, 5, 29))
    tasks = Tasks(case.store, MemoryViews(case.store))  # type: ignore[arg-type]  # in memory
    with pytest.raises(NotPermitted):
        await tasks.calendars.apply(by(LEGAL), "ly", 2, None, DECREE)
    with pytest.raises(NotFound):
        await tasks.calendars.apply(by(ADMIN), "ly", 2, None, "1-2024")
    outcome = await tasks.calendars.apply(by(ADMIN), "ly", 2, None, DECREE)
    assert next(iter(outcome.versions)) == "calendar.ly"
    moments = {"from": "2025-05-29T22:00:00.000000Z", "to": "2025-05-28T22:00:00.000000Z"}
    told = {"extension": None, "misses": False}
    moved = [{"task": REPORT, "from": "2025-05-29", "to": "2025-05-28", "due_at": moments} | told]
    assert outcome.value == {"calendar": "ly", "version": 2, "moved": moved}
    assert case.deadline.computed and case.deadline.computed.calendar_version == 2
