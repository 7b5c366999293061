"""A plan moves to a newer calendar on request."""

from datetime import date
from typing import Any

import pytest

from services.tasks.application import Tasks
from services.tasks.calendar import Calendar, NotTheNewest
from services.tasks.deadline import Deadline
from services.tasks.plan import Plan, PlanWithoutDate
from services.tasks.scheduling import schedule_plan
from shared.domain import NotFound
from shared.eventstore.command import Command, Outcome
from tests.unit.tasks.applied import FOURTH, THIRD, store, tasks
from tests.unit.tasks.given import (
    DATES,
    MEASURE,
    OFFICE,
    MemoryStore,
    by,
    declaration,
)

__all__ = ["store", "tasks"]


async def test_a_newer_calendar_reschedules_a_plan_on_request(store: MemoryStore, tasks: Tasks) -> None:
    store.run(lambda turn: schedule_plan(turn, MEASURE, DATES))
    same = await tasks.calendars.apply(by(OFFICE), "ly", 1, MEASURE, None)
    assert (same.value, same.events) == ({"calendar": "ly", "version": 1, "moved": []}, 0)
    await tasks.declare_calendar(by(OFFICE), "ly", declaration(date(2025, 9, 30), label="2"))
    with pytest.raises(NotTheNewest):
        await tasks.calendars.apply(by(OFFICE), "ly", 1, MEASURE, None)
    moved = await tasks.calendars.apply(by(OFFICE), "ly", 2, MEASURE, None)
    assert moved.value is not None
    told = {"extension": None, "misses": False}
    moments = {"from": "2025-09-30T22:00:00.000000Z", "to": "2025-09-29T22:00:00.000000Z"}
    assert moved.value["moved"] == [
        {"task": task, "from": "2025-09-30", "to": "2025-09-29", "due_at": moments, **told}
        for task in (THIRD, FOURTH)
    ]
    assert store.find(Deadline, FOURTH).due_on == date(2025, 9, 29)


async def test_rescheduling_names_the_tasks_that_it_will_need(
    store: MemoryStore, tasks: Tasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.run(lambda turn: schedule_plan(turn, MEASURE, DATES))
    asked: list[Command[Any]] = []
    execute = store.execute

    async def noting(command: Command[Any]) -> Outcome[Any]:
        asked.append(command)
        return await execute(command)

    monkeypatch.setattr(store, "execute", noting)
    outcome = await tasks.calendars.apply(by(OFFICE), "ly", 1, MEASURE, None)
    hinted = {f"{kind.kind}.{id}" for kind, id in asked[0].reads}
    # Calendar and decree are known once the plan is read.
    assert outcome.versions.keys() - hinted == {"decree.298-2025"}
    assert asked[0].reads[:2] == ((Calendar, "ly"), (Plan, MEASURE))


async def test_a_plan_without_t_cannot_be_rescheduled(tasks: Tasks) -> None:
    with pytest.raises(PlanWithoutDate):
        await tasks.calendars.apply(by(OFFICE), "ly", 1, MEASURE, None)
    with pytest.raises(NotFound):
        await tasks.calendars.apply(by(OFFICE), "ly", 1, "nothing", None)
