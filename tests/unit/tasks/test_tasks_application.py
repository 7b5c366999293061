"""None"""

import pytest

from services.tasks.application import Tasks
from services.tasks.calendar import CalendarNotDeclared
from services.tasks.task import AcceptedByDoer, PrerequisitesOpen
from services.tasks.template import Template, TemplateFlawed
from shared.contracts import tasks as said
from shared.domain import NotFound
from tests.unit.tasks.applied import FIRST, FOURTH, SECOND, THIRD, accepted, store, submitted, tasks
from tests.unit.tasks.given import (
    ALONE,
    LEGAL,
    LETTER,
    OFFICE,
    SMALL,
    MemoryStore,
    by,
    proposal,
    step,
)

__all__ = ["store", "tasks"]


async def test_a_task_is_led_from_plan_to_acceptance(store: MemoryStore, tasks: Tasks) -> None:
    await tasks.assign_task(by(OFFICE), FIRST, assignee=LEGAL.subject)
    await tasks.start_task(by(LEGAL), FIRST)
    await tasks.submit_task(by(LEGAL), FIRST, (LETTER,))
    await tasks.return_task(by(OFFICE), FIRST, "The letter is not signed")
    await tasks.start_task(by(LEGAL), FIRST)
    await tasks.submit_task(by(LEGAL), FIRST, ())
    outcome = await tasks.accept_task(by(OFFICE), FIRST, ALONE)
    assert outcome.value == {"task": FIRST, "state": "accepted", "department": "legal", "due_on": None}


async def test_accepting_writes_the_task_and_its_plan_in_one_command(
    store: MemoryStore, tasks: Tasks
) -> None:
    await submitted(tasks, FIRST)
    before = len(store.log)
    outcome = await tasks.accept_task(by(OFFICE), FIRST, ALONE)
    assert [type(row.event) for row in store.log[before:]] == [
        said.TaskAccepted,
        said.PlanTaskSettled,
        said.PlanGateSatisfied,
    ]
    assert outcome.events == 3


async def test_the_whole_plan_ends_with_its_checklist_and_itself_complete(
    store: MemoryStore, tasks: Tasks
) -> None:
    await accepted(tasks, FIRST, SECOND)
    assert [gate.condition for gate in store.said(said.PlanGateSatisfied)] == [1]
    await accepted(tasks, THIRD)
    assert [gate.condition for gate in store.said(said.PlanGateSatisfied)] == [1, 3]
    assert len(store.said(said.PlanChecklistCompleted)) == 1
    assert store.said(said.PlanCompleted) == []
    await accepted(tasks, FOURTH)
    assert len(store.said(said.PlanCompleted)) == 1


async def test_a_refused_acceptance_leaves_task_and_plan_alone(store: MemoryStore, tasks: Tasks) -> None:
    await submitted(tasks, FIRST, doer=OFFICE)
    before = len(store.log)
    with pytest.raises(AcceptedByDoer):
        await tasks.accept_task(by(OFFICE), FIRST, ALONE)
    assert len(store.log) == before


async def test_a_task_starts_once_what_it_needs_is_accepted(tasks: Tasks) -> None:
    await tasks.assign_task(by(OFFICE), SECOND)
    with pytest.raises(PrerequisitesOpen, match=FIRST):
        await tasks.start_task(by(LEGAL), SECOND)
    await accepted(tasks, FIRST)
    await tasks.start_task(by(LEGAL), SECOND)


async def test_cancelling_a_gate_task_counts_in_the_plan_and_leaves_its_condition_unmet(
    store: MemoryStore, tasks: Tasks
) -> None:
    await accepted(tasks, FIRST, SECOND)
    await tasks.cancel_task(by(OFFICE), THIRD, "There is no gap")
    assert [settled.outcome for settled in store.said(said.PlanTaskSettled)][-1] is said.Outcome.CANCELLED
    assert [gate.condition for gate in store.said(said.PlanGateSatisfied)] == [1]
    await tasks.assign_task(by(OFFICE), FOURTH)
    await tasks.start_task(by(OFFICE), FOURTH)


async def test_an_unknown_task_is_not_found(tasks: Tasks) -> None:
    with pytest.raises(NotFound):
        await tasks.accept_task(by(OFFICE), "nothing")
    with pytest.raises(NotFound):
        await tasks.start_task(by(LEGAL), "nothing")


async def test_adoption_needs_departments_that_are_registered(store: MemoryStore, tasks: Tasks) -> None:
    with pytest.raises(TemplateFlawed, match="there is no department fisheries"):
        await tasks.adopt_template(by(OFFICE), "other", proposal(step(1, lead="fisheries")))
    assert not store.find(Template, "other").exists


async def test_adoption_needs_a_calendar_that_is_declared(tasks: Tasks) -> None:
    with pytest.raises(CalendarNotDeclared, match="calendar tn"):
        await tasks.adopt_template(by(OFFICE), "other", proposal(step(1), calendar="tn"))


async def test_adopting_answers_with_the_version(tasks: Tasks) -> None:
    outcome = await tasks.adopt_template(by(OFFICE), "other", SMALL)
    assert outcome.value == {"template": "other", "version": 1, "tasks": 4}
    assert next(iter(outcome.versions.values())) == 1
