"""A newer version of a calendar is applied to what a meeting decided, with or without a decree."""

import json
from datetime import date

import pytest

from services.tasks.affected import AffectedInquiries
from services.tasks.application import Tasks
from services.tasks.calendar import Calendar, Grounds, NotTheNewest, declare_holiday
from services.tasks.deadline import Deadline
from shared.calendar import Basis, Holiday
from shared.contracts.text import Text
from shared.domain import NotFound
from shared.web.cursors import PageAsked
from tests.unit.tasks.given import ADMIN, OFFICE, MemoryStore, MemoryViews, by
from tests.unit.tasks.met import HELD_AT, LEGAL, call, store, tasks, wanted

__all__ = ["store", "tasks"]

TASK = "m2-d1-t01"


async def decided_without_decree(tasks: Tasks) -> None:
    await tasks.meetings.call(by(OFFICE, "c"), "m2", call(decree=None))
    hold = by(OFFICE, "h")
    hold.effective_at = HELD_AT
    await tasks.meetings.hold(hold, "m2", None, (LEGAL,))
    await tasks.meetings.decide(by(OFFICE, "d"), "m2", Text(en="Clear timetable"), "timetable", [wanted()])


def off(store: MemoryStore, day: date) -> None:
    holiday = Holiday(day=day, name=Text(en="Mourning", ar="حداد"), basis=Basis.ANNOUNCED)
    grounds = Grounds("120/2025", "Mourning")
    store.run(lambda turn: declare_holiday(turn.get(Calendar, "ly"), holiday, grounds, turn.moment))


async def affected(store: MemoryStore, **where: str) -> list[str]:
    views = MemoryViews(store)
    inquiries = AffectedInquiries(store, views, lambda: store.now)  # type: ignore[arg-type]  # in memory
    answer = await inquiries.affected("ly", PageAsked(), where, None, None)
    return [item["task"] for item in json.loads(answer.body)["items"]]


async def test_tasks_of_a_meeting_without_a_decree_move_by_its_name(store: MemoryStore, tasks: Tasks) -> None:
    await decided_without_decree(tasks)
    due_on = store.find(Deadline, TASK).due_on
    off(store, due_on)
    assert [await affected(store, meeting=named) for named in ("m1", "m2")] == [[], [TASK]]
    with pytest.raises(NotTheNewest):
        await tasks.calendars.apply(by(ADMIN, "a0"), "ly", 1, meeting="m2")
    with pytest.raises(NotFound):
        await tasks.calendars.apply(by(ADMIN, "a1"), "ly", 2, meeting="m9")
    told = (await tasks.calendars.apply(by(ADMIN, "a2"), "ly", 2, meeting="m2")).value
    (move,) = told["moved"]
    assert (move["task"], move["from"]) == (TASK, due_on.isoformat())
    moved = store.find(Deadline, TASK)
    assert moved.due_on.isoformat() == move["to"] != move["from"]
    assert moved.computed is not None and moved.computed.calendar_version == 2
    assert (await tasks.calendars.apply(by(ADMIN, "a3"), "ly", 2, meeting="m2")).value["moved"] == []
