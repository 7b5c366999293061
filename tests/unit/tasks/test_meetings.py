"""Given a meeting, when somebody calls, holds, decides or minutes it, then it is so, or it is refused."""

from datetime import UTC, date, datetime

import pytest

from services.tasks.application import Tasks
from services.tasks.deadline import Deadline
from services.tasks.decree import Decree
from services.tasks.holding import hold_decree
from services.tasks.inquiries import TaskInquiries
from services.tasks.meeting import (
    Call,
    DecisionSettled,
    DecisionsOpen,
    HeldBeforeDecree,
    MeetingState,
)
from services.tasks.task import Task, TaskState
from shared.contracts import tasks as said
from shared.contracts.tasks import DecisionOutcome
from shared.contracts.text import Text
from tests.unit.tasks.given import (
    LETTER,
    MINUTES,
    OFFICE,
    MemoryStore,
    by,
)
from tests.unit.tasks.met import (
    CALL,
    CHAIR,
    FIRST,
    HELD_AT,
    LEGAL,
    MINISTER,
    PROTOCOL,
    TASK,
    call,
    decided,
    finish,
    held,
    meeting,
    minuted,
    store,
    tasks,
    wanted,
)

__all__ = ["store", "tasks"]


async def test_a_meeting_goes_its_way_until_nothing_is_open(store: MemoryStore, tasks: Tasks) -> None:
    await held(tasks)
    await decided(tasks, wanted())
    await minuted(tasks)
    with pytest.raises(DecisionsOpen, match=FIRST):
        await tasks.meetings.close(by(OFFICE), "m1")
    finish(store, TASK)
    await tasks.meetings.close(by(OFFICE), "m1")
    assert meeting(store).state is MeetingState.CLOSED
    assert store.said(said.MeetingMinuted)[0].written_by == (OFFICE.subject,)


async def test_who_was_called_and_did_not_come_is_absent(store: MemoryStore, tasks: Tasks) -> None:
    await held(tasks)
    event = store.said(said.MeetingHeld)[0]
    assert (event.present, event.absent) == ((CHAIR, LEGAL), (PROTOCOL,))
    assert (event.held_at, event.held_on) == (HELD_AT, date(2025, 5, 5))


async def test_a_decision_becomes_tasks_of_the_decree_with_deadlines(
    store: MemoryStore, tasks: Tasks
) -> None:
    await held(tasks)
    await decided(tasks, wanted(), wanted(date(2025, 6, 1), "protocol"))
    first, second = store.find(Task, TASK), store.find(Task, "m1-d1-t02")
    assert (first.lead, first.co_executors, first.planned.decision) == ("legal", ("protocol",), FIRST)
    assert (first.planned.plan, first.planned.template) == (None, None)
    # Ten working days after Monday 5 May, of weeks without Friday and Saturday.
    assert store.find(Deadline, TASK).due_on == date(2025, 5, 19)
    assert store.find(Deadline, second.id).due_on == date(2025, 6, 1)
    assert store.find(Decree, "298-2025").tasks == (TASK, "m1-d1-t02")


async def test_a_meeting_about_a_decree_is_not_held_before_that_was_announced(
    store: MemoryStore, tasks: Tasks
) -> None:
    # The decree was announced on 30 April 2025, which began in Tripoli at 22:00 UTC of the day before.
    early = by(OFFICE)
    early.effective_at = datetime(2025, 4, 29, 21, 59, tzinfo=UTC)
    with pytest.raises(HeldBeforeDecree, match="announced on 2025-04-30") as told:
        await tasks.meetings.hold(early, "m1", None, (LEGAL,))
    assert told.value.told().ar and meeting(store).state is MeetingState.PLANNED
    # One about no decree is bound by none; and on the day itself it may be held.
    await tasks.meetings.call(by(OFFICE), "m2", call(decree=None))
    await tasks.meetings.hold(early, "m2", None, (LEGAL,))
    early.effective_at = datetime(2025, 4, 29, 22, tzinfo=UTC)
    await tasks.meetings.hold(early, "m1", None, (LEGAL,))
    assert meeting(store).held_on == date(2025, 4, 30)


async def test_a_hold_on_the_decree_stops_what_its_meeting_decided(store: MemoryStore, tasks: Tasks) -> None:
    await held(tasks)
    await decided(tasks, wanted())
    store.run(lambda turn: hold_decree(turn, "298-2025", "studies", None, None, Text(en="Studies")))
    assert [event.task for event in store.said(said.DeadlineSuspended)] == [TASK]


async def test_a_meeting_about_no_decree_has_tasks_of_nobody_elses(store: MemoryStore, tasks: Tasks) -> None:
    call = Call(**{name: getattr(CALL, name) for name in Call.__slots__} | {"decree": None})
    await tasks.meetings.call(by(OFFICE), "m2", call)
    await tasks.meetings.hold(by(OFFICE), "m2", None, ())
    await tasks.meetings.decide(by(OFFICE), "m2", Text(en="Decided"), None, [wanted()])
    task = "m2-d1-t01"
    assert store.find(Task, task).planned.decree is None
    await tasks.assign_task(by(OFFICE), task)
    await tasks.start_task(by(OFFICE), task)
    await tasks.submit_task(by(OFFICE), task, (LETTER,))
    await tasks.accept_task(by(MINISTER.model_copy(update={"role": "admin"})), task, "Nobody else has a part")
    assert store.find(Task, task).state is TaskState.ACCEPTED
    assert "" not in await tasks.inquiries.counts_by_decree()
    assert "" not in await tasks.inquiries.deadlines_by_decree()


async def test_decisions_are_followed_up_from_meeting_to_meeting(store: MemoryStore, tasks: Tasks) -> None:
    await held(tasks)
    await decided(tasks, wanted())
    await decided(tasks)
    await tasks.meetings.call(by(OFFICE), "m2", call(follows="m1"))
    inquiries: TaskInquiries = tasks.inquiries
    states = [(row["decision"], row["state"]) for row in await inquiries.followed_up("m2")]
    assert states == [(FIRST, "open"), ("m1-d2", "open")]
    finish(store, TASK)
    await tasks.meetings.settle(by(OFFICE), "m1", "m1-d2", DecisionOutcome.DONE, "Letter sent", (LETTER,))
    states = [(row["decision"], row["state"]) for row in await inquiries.followed_up("m2")]
    assert states == [(FIRST, "dropped"), ("m1-d2", "done")]
    with pytest.raises(DecisionSettled):
        await tasks.meetings.settle(by(OFFICE), "m1", "m1-d2", DecisionOutcome.DONE, "Again", ())


async def test_the_row_tells_what_the_meeting_is(store: MemoryStore, tasks: Tasks) -> None:
    later = datetime(2025, 5, 6, 9, tzinfo=UTC)
    await tasks.meetings.postpone(by(OFFICE), "m1", later, "The minister travels")
    await held(tasks)
    await decided(tasks, wanted())
    await minuted(tasks)
    row = await tasks.inquiries.meeting("m1")
    assert (row["state"], row["at"], row["decided"]) == ("minuted", "2025-05-06T09:00:00Z", 1)
    assert row["minutes"]["sha256"] == MINUTES.sha256
    assert row["minutes_approved_by"] == ["minister-1"]
    assert row["decisions"][0]["tasks"] == {TASK: "planned"}
    assert row["version"] == meeting(store).version


async def test_what_is_due_at_the_end_of_this_very_day_is_not_over(store: MemoryStore, tasks: Tasks) -> None:
    await held(tasks)
    await decided(tasks, wanted(date(2025, 5, 5)), wanted("on held_on"))
    assert store.find(Deadline, TASK).due_on == date(2025, 5, 5)
    assert store.said(said.DeadlineMissed) == []
