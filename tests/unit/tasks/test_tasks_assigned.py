"""Who gets a task: its lead department, those who help, and the one who does it."""

from typing import Any

import pytest

from services.tasks.application import Tasks
from services.tasks.task import Task, TaskState, UnknownDepartment
from shared.contracts import tasks as said
from shared.domain.delegation import NotDelegated
from shared.domain.permission import NotPermitted
from tests.unit.tasks.applied import ARCHIVES, CLERK, FIRST, store, tasks
from tests.unit.tasks.given import (
    AUDITOR,
    LEGAL,
    LETTER,
    OFFICE,
    PROTOCOL,
    MemoryStore,
    by,
    delegated,
    on_behalf,
)

__all__ = ["store", "tasks"]


async def test_a_task_moves_to_another_department_which_may_then_do_it(
    store: MemoryStore, tasks: Tasks
) -> None:
    await tasks.assign_task(by(OFFICE), FIRST, lead="archives", co_executors=())
    await tasks.start_task(by(ARCHIVES), FIRST)
    with pytest.raises(NotPermitted):
        await tasks.submit_task(by(LEGAL), FIRST, (LETTER,))


@pytest.mark.parametrize(
    "change",
    [
        {"lead": "archives"},
        {"lead": "protocol", "co_executors": ("legal",)},
        {"co_executors": ()},
        {"co_executors": ("protocol", "archives")},
        {"lead": "fisheries"},
    ],
)
async def test_a_lead_department_neither_gives_its_task_away_nor_changes_who_helps(
    store: MemoryStore, tasks: Tasks, change: dict[str, Any]
) -> None:
    before = len(store.log)
    with pytest.raises(NotPermitted, match=r"task\.hand-over is not for the role department"):
        await tasks.assign_task(by(LEGAL), FIRST, assignee="lawyer-1", **change)
    assert len(store.log) == before


@pytest.mark.parametrize("same", [{}, {"lead": "legal"}, {"lead": "legal", "co_executors": ("protocol",)}])
async def test_a_lead_department_names_who_of_its_own_does_the_task(
    store: MemoryStore, tasks: Tasks, same: dict[str, Any]
) -> None:
    await tasks.assign_task(by(LEGAL), FIRST, assignee="lawyer-1", **same)
    (assigned,) = store.said(said.TaskAssigned)
    assert (assigned.department, assigned.co_executors, assigned.assignee) == (
        "legal",
        ("protocol",),
        "lawyer-1",
    )


async def test_the_assignee_does_the_task_whatever_their_department(store: MemoryStore, tasks: Tasks) -> None:
    await tasks.assign_task(by(OFFICE), FIRST, assignee=PROTOCOL.subject)
    await tasks.start_task(by(PROTOCOL), FIRST)
    await tasks.assign_task(by(OFFICE), FIRST, assignee=ARCHIVES.subject)
    await tasks.start_task(by(ARCHIVES), FIRST)
    await tasks.attach_evidence(by(ARCHIVES), FIRST, (LETTER,))
    with pytest.raises(NotPermitted):
        await tasks.submit_task(by(PROTOCOL), FIRST, ())
    deputy = on_behalf(CLERK, ARCHIVES.subject)
    with pytest.raises(NotDelegated):
        await tasks.submit_task(by(deputy), FIRST, ())
    await tasks.submit_task(by(delegated(store, deputy)), FIRST, ())
    assert store.find(Task, FIRST).state is TaskState.SUBMITTED


async def test_an_assignee_neither_passes_the_task_on_nor_acts_in_another_role(
    store: MemoryStore, tasks: Tasks
) -> None:
    await tasks.assign_task(by(OFFICE), FIRST, assignee=AUDITOR.subject)
    with pytest.raises(NotPermitted):
        await tasks.start_task(by(AUDITOR), FIRST)
    await tasks.assign_task(by(OFFICE), FIRST, assignee=ARCHIVES.subject)
    with pytest.raises(NotPermitted):
        await tasks.assign_task(by(ARCHIVES), FIRST, assignee="somebody-else")
    with pytest.raises(NotPermitted):
        await tasks.start_task(by(CLERK), FIRST)


async def test_a_task_cannot_go_to_a_department_that_nobody_registered(tasks: Tasks) -> None:
    with pytest.raises(UnknownDepartment, match="fisheries"):
        await tasks.assign_task(by(OFFICE), FIRST, lead="fisheries")
    with pytest.raises(UnknownDepartment, match="fisheries"):
        await tasks.assign_task(by(OFFICE), FIRST, co_executors=("fisheries",))
