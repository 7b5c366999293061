"""The use cases of tasks on a store in memory, with one plan of the sample's procedure."""

from datetime import date

import pytest

from services.tasks.application import Tasks
from services.tasks.drafting import draft_plan
from shared.domain import Actor
from tests.unit.tasks.given import (
    ADMIN,
    ALONE,
    LETTER,
    MEASURE,
    OFFICE,
    ORDERED,
    MemoryStore,
    MemoryViews,
    by,
    store_with_procedure,
)

FIRST, SECOND, THIRD, FOURTH = (f"{MEASURE}-t0{number}" for number in (1, 2, 3, 4))
HEAD = Actor(subject="head-1", role="head-of-mission")
CONTROLLER = Actor(subject="controller-1", role="controller")
ISSUER = Actor(subject="issuer-1", role="issuer")
LATER = date(2025, 9, 10)
ARCHIVES = Actor(subject="archives-1", role="department", department="archives")
CLERK = Actor(subject="archives-2", role="department", department="archives")


@pytest.fixture
def store() -> MemoryStore:
    """A plan whose first task is led by legal with protocol beside it."""
    store = store_with_procedure()
    store.run(lambda turn: draft_plan(turn, MEASURE, ORDERED, "closing"))
    return store


@pytest.fixture
def tasks(store: MemoryStore) -> Tasks:
    return Tasks(store, MemoryViews(store))  # type: ignore[arg-type]  # engines in memory


async def submitted(tasks: Tasks, task: str, *, doer: Actor = ADMIN) -> None:
    await tasks.assign_task(by(OFFICE), task)
    await tasks.start_task(by(doer), task)
    await tasks.submit_task(by(doer), task, (LETTER,))


async def accepted(tasks: Tasks, *names: str) -> None:
    for task in names:
        await submitted(tasks, task)
        await tasks.accept_task(by(OFFICE), task, ALONE)
