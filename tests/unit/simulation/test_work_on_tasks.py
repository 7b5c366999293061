"""Given tasks with deadlines, when work on them is planned, then it is done in order and in its manner."""

from datetime import date, datetime
from hashlib import sha256
from typing import Any

import pytest

from deploy.simulation.agenda import Request, Work
from deploy.simulation.form import ScenarioForm, StepForm, WorkForm
from deploy.simulation.working import CannotWork, chosen, evidence_for, in_order, moved, planned
from shared.calendar import WorkingCalendar

CALENDAR = WorkingCalendar.model_validate(
    {
        "name": "ly",
        "version": 1,
        "label": "1",
        "zone": "Africa/Tripoli",
        "weekend": ["friday", "saturday"],
        "holidays": [{"day": "2025-06-05", "basis": "fixed", "name": {"en": "A holiday"}}],
        "covers_from": "2025-01-01",
        "covers_to": "2025-12-31",
        "source": "made up",
    }
)
FORM = ScenarioForm.model_validate(
    {
        "name": "sample",
        "title": {"en": "A sample"},
        "provenance": "fictitious",
        "dossier": ".",
        "imported_by": "office",
        "zone": "Africa/Tripoli",
        "begins": "2025-04-30 09:00",
        "ends": "2025-12-31 18:00",
        "actors": {"office": {"role": "follow-up-office", "subject": "office-1"}},
        "steps": [],
    }
)
NOW = FORM.moment(datetime(2025, 5, 1, 10))


def row(
    number: int, due_on: str | None, *needs: int, state: str = "planned", parts: tuple[str, ...] = ()
) -> dict[str, Any]:
    return {
        "task": f"t{number}",
        "number": number,
        "department": "legal",
        "co_executors": list(parts),
        "due_on": due_on,
        "needs": [f"t{need}" for need in needs],
        "state": state,
        "evidence_named": {"en": "Register", "ar": "سجل"},
    }


def plan(rows: list[dict[str, Any]], **manner: Any) -> list[tuple[str, str, Request]]:
    step = StepForm.model_validate(
        {"at": "2025-05-01 10:00", "as": "office", "work": {"plans": ["p"]} | manner}
    )
    assert step.work is not None
    work = Work(7, step.work, FORM.actor("office"), step)
    return [
        (f"{moment:%Y-%m-%d %H:%M}", request.path.removeprefix("/tasks/tasks/"), request)
        for moment, request in planned(work, rows, CALENDAR, FORM, NOW)
    ]


def told(requests: list[tuple[str, str, Request]]) -> list[tuple[str, str]]:
    return [(moment, path) for moment, path, _ in requests]


def test_on_time_is_the_working_day_before_the_deadline() -> None:
    assert told(plan([row(1, "2025-06-08")])) == [
        ("2025-05-01 10:00", "t1/assign"),
        ("2025-06-01 09:00", "t1/start"),
        ("2025-06-04 11:00", "t1/submit"),  # Thursday is a holiday, Friday and Saturday the weekend
        ("2025-06-04 14:00", "t1/accept"),
    ]


def test_each_co_executor_reports_its_part_before_the_work_is_handed_in() -> None:
    requests = plan([row(1, "2025-06-08", parts=("finance", "media"))])
    assert told(requests)[2:4] == [("2025-06-01 09:00", "t1/part")] * 2
    assert [request.actor.department for _, _, request in requests[2:4]] == ["finance", "media"]
    assert len({request.key for _, _, request in requests}) == len(requests)


def test_late_counts_working_days_after_the_deadline() -> None:
    requests = plan([row(1, "2025-06-04")], done="late by 1 day")
    assert told(requests)[2] == ("2025-06-08 11:00", "t1/submit")
    assert all(request.effective_at is None for _, _, request in requests)


def test_what_is_recorded_late_takes_effect_before_the_deadline() -> None:
    requests = plan([row(1, "2025-06-04")], done="recorded 1 day late")
    assert told(requests)[2] == ("2025-06-08 11:00", "t1/submit")
    assert requests[2][2].effective_at == FORM.moment(datetime(2025, 6, 3, 11))


def test_a_task_begins_after_those_that_it_needs_are_accepted() -> None:
    requests = told(plan([row(2, "2025-06-04", 1), row(1, "2025-06-04")], but={"1": "late by 1 day"}))
    assert requests.index(("2025-06-08 14:00", "t1/accept")) < requests.index(
        ("2025-06-08 15:00", "t2/start")
    )
    assert requests[-2:] == [("2025-06-08 16:00", "t2/submit"), ("2025-06-08 19:00", "t2/accept")]


def test_nothing_is_done_before_now_and_what_is_assigned_is_not_assigned_again() -> None:
    requests = told(plan([row(1, "2025-04-30", state="assigned")]))
    assert requests == [
        ("2025-05-01 11:00", "t1/start"),
        ("2025-05-01 12:00", "t1/submit"),
        ("2025-05-01 15:00", "t1/accept"),
    ]


def test_the_department_does_the_work_and_the_office_assigns_and_accepts() -> None:
    subjects = {path.rpartition("/")[2]: one.actor.subject for _, path, one in plan([row(1, "2025-06-04")])}
    assert subjects == {
        "assign": "office-1",
        "start": "legal-officer",
        "submit": "legal-officer",
        "accept": "office-1",
    }


def test_evidence_is_the_document_that_the_procedure_names() -> None:
    digest = sha256("Register · t1".encode()).hexdigest()
    assert evidence_for(row(1, None)) == [{"document": "Register", "sha256": digest}]
    assert evidence_for({**row(1, None), "evidence_named": None}) == []


def test_a_task_without_a_deadline_cannot_be_worked_on() -> None:
    with pytest.raises(CannotWork, match="t1 has no deadline yet"):
        plan([row(1, None)])


def test_tasks_that_need_each_other_are_refused() -> None:
    with pytest.raises(CannotWork, match="need each other: t1, t2"):
        in_order([row(1, "2025-06-04", 2), row(2, "2025-06-05", 1)])


def test_keys_are_the_same_in_every_run_and_different_from_each_other() -> None:
    keys = [[request.key for _, _, request in plan([row(1, "2025-06-04")])] for _ in range(2)]
    assert keys[0] == keys[1]
    assert len(set(keys[0])) == 4


@pytest.mark.parametrize(
    ("days", "reached"), [(1, "2025-06-08"), (-1, "2025-06-03"), (0, "2025-06-04"), (2, "2025-06-09")]
)
def test_working_days_are_counted_either_way(days: int, reached: str) -> None:
    assert moved(date(2025, 6, 4), days, CALENDAR) == date.fromisoformat(reached)


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"but": {"2, 99": "on time"}}, "work.but: there is no task of number 99"),
        ({"numbers": "1-3"}, "work.numbers: there is no task of number 3"),
        ({"numbers": "2"}, "none of the tasks is open"),
    ],
)
def test_numbers_that_are_no_tasks_end_it(form: dict[str, Any], told: str) -> None:
    rows = [row(1, "2025-05-20"), row(2, "2025-05-20", state="accepted")]
    with pytest.raises(CannotWork, match=told):
        chosen(WorkForm.model_validate({"plans": ["p"]} | form), rows)


def test_tasks_that_are_settled_are_left_alone() -> None:
    rows = [row(1, "2025-05-20"), row(2, "2025-05-20", state="accepted"), row(3, "2025-05-20")]
    form = WorkForm.model_validate({"plans": ["p"], "numbers": "1-2", "but": {"2": "late by 1 day"}})
    assert [one["number"] for one in chosen(form, rows)] == [1]
