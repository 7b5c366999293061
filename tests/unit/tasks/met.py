"""A meeting about the sample's decree, called, held, decided and minuted."""

from datetime import date, timedelta

import pytest

from services.tasks.application import Tasks
from services.tasks.decree import Decree
from services.tasks.meeting import (
    Call,
    Meeting,
)
from services.tasks.resolutions import Wanted
from services.tasks.task import Task
from shared.calendar import Roll
from shared.contracts.tasks import AgendaItem, Participant
from shared.contracts.text import Text
from shared.domain import Actor
from tests.unit.tasks.given import (
    ISSUED,
    MINUTES,
    NOON,
    NOW,
    OFFICE,
    MemoryStore,
    MemoryViews,
    by,
    store_with_procedure,
)

CHAIR = Participant(role="acting-minister", subject="minister-1")
LEGAL, PROTOCOL = Participant(department="legal"), Participant(department="protocol")
CHOIR = Participant(department="choir")
MINISTER = Actor(subject="minister-1", role="issuer")
HELD_AT = NOON - timedelta(hours=2)
FIRST, TASK = "m1-d1", "m1-d1-t01"
CALL = Call(
    decree="298-2025",
    title=Text(en="Follow-up", ar="متابعة"),
    at=NOON,
    calendar="ly",
    chair=CHAIR,
    deputy=PROTOCOL,
    invited=(LEGAL, PROTOCOL),
    agenda=(AgendaItem(key="timetable", text=Text(en="Timetable")),),
    follows=None,
)


def wanted(
    due: str | date = "10 working days after held_on", lead: str = "legal", article: str | None = None
) -> Wanted:
    return Wanted(
        title=Text(en="A timetable"),
        lead=lead,
        co_executors=("protocol",) if lead == "legal" else (),
        due=due,
        roll=Roll.BACK,
        warn_days=2,
        workstream="meeting",
        article=article,
        evidence=None,
    )


@pytest.fixture
def store() -> MemoryStore:
    store = store_with_procedure()
    store.run(lambda turn: turn.get(Decree, "298-2025").note(ISSUED, NOW))
    return store


@pytest.fixture
async def tasks(store: MemoryStore) -> Tasks:
    tasks = Tasks(store, MemoryViews(store))  # type: ignore[arg-type]  # engines in memory
    await tasks.meetings.call(by(OFFICE), "m1", CALL)
    return tasks


async def held(tasks: Tasks) -> None:
    hold = by(OFFICE)
    hold.effective_at = HELD_AT
    await tasks.meetings.hold(hold, "m1", None, (LEGAL,))


async def decided(tasks: Tasks, *wants: Wanted) -> None:
    await tasks.meetings.decide(by(OFFICE), "m1", Text(en="Clear timetable"), "timetable", wants)


async def minuted(tasks: Tasks) -> None:
    await tasks.meetings.write_minutes(by(OFFICE), "m1", MINUTES)
    await tasks.meetings.approve_minutes(by(MINISTER), "m1")


def meeting(store: MemoryStore) -> Meeting:
    return store.find(Meeting, "m1")


def finish(store: MemoryStore, task: str) -> None:
    store.run(lambda turn: turn.get(Task, task).cancel("Done otherwise", turn.actor, turn.moment))


def call(**changes: object) -> Call:
    return Call(**{name: getattr(CALL, name) for name in Call.__slots__} | changes)  # type: ignore[arg-type]
