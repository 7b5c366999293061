"""The dates of a mission give its plan deadlines; other dates give others, and return work on them."""

from datetime import UTC, date, datetime

import pytest

from services.tasks.calendar import Calendar
from services.tasks.deadline import Deadline
from services.tasks.reacting import SERVICE
from services.tasks.task import Task, TaskState
from shared.contracts import registry
from shared.contracts import tasks as said
from tests.unit.tasks.given import (
    ALONE,
    LEGAL,
    LETTER,
    MEASURE,
    NOW,
    OFFICE,
    MemoryStore,
    declaration,
    ordered,
    proposal,
    step,
    store_with_procedure,
)
from tests.unit.tasks.reacting import dates, react


def test_until_t_is_set_a_plan_has_windows_and_no_deadlines() -> None:
    store = store_with_procedure()
    react(store, ordered(), MEASURE)
    assert store.said(said.DeadlineSet) == []
    assert not store.find(Deadline, f"{MEASURE}-t01").exists


def test_t_gives_every_task_of_the_plan_its_deadline() -> None:
    store = store_with_procedure()
    react(store, ordered(), MEASURE)
    react(store, dates(date(2025, 9, 30)), "emb-va")
    assert [event.deadline.due_on for event in store.said(said.DeadlineSet)] == [
        date(2025, 8, 31),
        date(2025, 9, 18),
        date(2025, 9, 30),
        date(2025, 9, 30),
    ]
    (plan,) = store.said(said.PlanScheduled)
    assert plan.public_on == date(2025, 8, 31)
    assert (plan.official_on, plan.calendar, plan.calendar_version) == (date(2025, 9, 30), "ly", 1)


def test_a_second_t_supersedes_every_open_deadline() -> None:
    store = store_with_procedure()
    react(store, ordered(), MEASURE)
    react(store, dates(date(2025, 9, 30)), "emb-va")
    first = [event.deadline for event in store.said(said.DeadlineSet)]
    react(store, dates(date(2025, 10, 30)), "emb-va")
    assert [event.supersedes for event in store.said(said.DeadlineSet)[4:]] == first
    assert store.said(said.PlanScheduled)[1].supersedes == date(2025, 9, 30)


def note_verbale_submitted() -> MemoryStore:
    """A plan with dates, whose one task is about them and waits for acceptance."""
    note = step(1, gate=2, evidence={"en": "Letter"}, needs_dates=True)
    store = store_with_procedure(proposal(note, step(2)))
    react(store, ordered(), MEASURE)
    react(store, dates(date(2025, 9, 30)), "emb-va")
    task = f"{MEASURE}-t01"
    store.run(lambda turn: turn.get(Task, task).assign("legal", (), None, OFFICE, NOW))
    store.run(lambda turn: turn.get(Task, task).start([], LEGAL, NOW))
    store.run(lambda turn: turn.get(Task, task).submit((LETTER,), True, LEGAL, NOW))
    return store


@pytest.mark.parametrize(
    "changed", [dates(date(2025, 10, 30)), dates(date(2025, 9, 30), public_on=date(2025, 9, 1))]
)
def test_either_date_that_changes_returns_submitted_work_on_the_dates(
    changed: registry.MissionDatesSet,
) -> None:
    store = note_verbale_submitted()
    answer = react(store, changed, "emb-va")
    (returned,) = store.said(said.TaskReturned)
    assert (returned.task, returned.by) == (f"{MEASURE}-t01", ("service:tasks",))
    assert returned.reason.startswith("The dates changed")
    assert answer["returned"] == [f"{MEASURE}-t01"]
    assert store.find(Task, f"{MEASURE}-t01").state is TaskState.RETURNED


def test_work_that_other_dates_return_after_its_due_moment_is_missed_at_once() -> None:
    store = note_verbale_submitted()
    store.now = datetime(2025, 10, 5, tzinfo=UTC)
    react(store, dates(date(2025, 9, 30), public_on=date(2025, 9, 1)), "emb-va")
    (missed,) = store.said(said.DeadlineMissed)
    assert (missed.task, missed.late) == (f"{MEASURE}-t01", False)


def test_the_same_dates_under_a_newer_calendar_return_nothing() -> None:
    store = note_verbale_submitted()
    newer = declaration(date(2025, 9, 30), label="2")
    store.run(lambda turn: turn.get(Calendar, "ly").declare(newer, NOW))
    answer = react(store, dates(date(2025, 9, 30)), "emb-va")
    assert (answer["scheduled"], answer["returned"]) == (2, [])
    assert store.find(Task, f"{MEASURE}-t01").state is TaskState.SUBMITTED


def test_the_newest_calendar_version_is_the_one_that_counts() -> None:
    store = store_with_procedure()
    react(store, ordered(), MEASURE)
    newer = declaration(date(2025, 9, 30), label="2")
    store.run(lambda turn: turn.get(Calendar, "ly").declare(newer, NOW))
    react(store, dates(date(2025, 9, 30)), "emb-va")
    last = store.said(said.DeadlineSet)[-1].deadline
    assert (last.due_on, last.calendar_version) == (date(2025, 9, 29), 2)


def test_t_of_a_mission_without_a_plan_changes_nothing() -> None:
    store = store_with_procedure()
    before = len(store.log)
    react(store, dates(date(2025, 9, 30), measure="298-2025-a2-r09"), "emb-bf")
    assert len(store.log) == before


def test_a_settled_task_keeps_its_deadline_when_t_moves() -> None:
    store = store_with_procedure()
    react(store, ordered(), MEASURE)
    react(store, dates(date(2025, 9, 30)), "emb-va")
    task = store.find(Task, f"{MEASURE}-t01")
    task.assign("legal", (), None, OFFICE, NOW)
    task.start([], SERVICE, NOW)
    task.submit((LETTER,), True, SERVICE, NOW)
    task.accept(OFFICE, NOW, ALONE)
    task.collect_events()
    before = store.find(Deadline, task.id).due_on
    react(store, dates(date(2025, 10, 30)), "emb-va")
    assert store.find(Deadline, task.id).due_on == before
    assert len(store.said(said.DeadlineSet)) == 4 + 3
