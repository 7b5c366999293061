"""A registry that tells of two closings, and tasks that take it in while procedures are adopted."""

import asyncio
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

from services.tasks.calendar import Calendar
from services.tasks.deadline import Deadline, DeadlineState
from services.tasks.decree import Decree
from services.tasks.mission import Mission
from services.tasks.parked import TasksParked
from services.tasks.plan import Plan
from services.tasks.reactions import RegistryReactions
from services.tasks.strands import strands_of
from services.tasks.task import Task
from services.tasks.template import Template
from shared.contracts import registry
from shared.contracts.event import Event
from shared.contracts.text import Text
from shared.domain import Aggregate
from shared.eventstore import snapshots
from shared.eventstore.codec import UnknownEventType
from shared.eventstore.command import Command, Instruction
from shared.eventstore.store import EventStore
from shared.messaging.intake import ClockAndGate
from shared.messaging.reacting import Reacting
from shared.messaging.received import Received
from shared.service.gate import Gate
from tests.unit.tasks.given import (
    ADMIN,
    ISSUED,
    REGISTERED,
    declaration,
    ordered,
    proposal,
    received,
    report,
    step,
)
from tests.virtual_time import VirtualTime

BEGIN = datetime(2025, 5, 5, 12, tzinfo=UTC)
NOW = BEGIN + timedelta(days=20)
DECREE = "298-2025"
MEASURES = {"m-1": "emb-va", "m-2": "emb-fr"}
PROCEDURES = {"m-1": "closing", "m-2": "merging"}
WHY = Text(en="Studies first", ar="الدراسات أولا")
PROCEDURE = proposal(
    step(1, window="-30", completed_by="mission.announced"),
    step(2, window="-20", completed_by="handover.signed.outgoing"),
    step(3, window="-10", completed_by="measure.executed"),
    step(4),
    decree_tasks=[report()],
)
LIMIT = 60.0
"""Seconds that coming to rest may take on a loaded machine."""

Told = tuple[Event, str]


def about(measure: str) -> dict[str, str]:
    return {"decree": DECREE, "measure": measure}


def order(measure: str) -> Told:
    mission, kind = MEASURES[measure], registry.MeasureKind.CLOSE
    told = ordered(mission=mission, procedure=PROCEDURES[measure], measure_kind=kind, receiver=None)
    return told, measure


def dates(measure: str, day: int) -> Told:
    on = date(2025, 9, day)
    return registry.MissionDatesSet(**about(measure), public_on=on, official_on=on), MEASURES[measure]


def announced(measure: str) -> Told:
    return registry.MissionAnnounced(**about(measure), reference="n-1"), MEASURES[measure]


def signed(measure: str) -> Told:
    mission = MEASURES[measure]
    by = {"signatory": registry.Signatory.OUTGOING, "by": "head", "reference": "n-2"}
    return registry.HandoverSigned.model_validate({"mission": mission, **by}), mission


def recalled(measure: str, staff: str) -> Told:
    return registry.StaffRecalled(mission=MEASURES[measure], category="diplomat", by="cabinet"), staff


def reassigned(measure: str, staff: str) -> Told:
    left = MEASURES[measure]
    told = registry.StaffReassigned(from_mission=left, mission="emb-it", category="diplomat", by="cabinet")
    return told, staff


def reopened(measure: str) -> Told:
    return registry.MissionReopened(decree=DECREE, measure="m-9"), MEASURES[measure]


def dropped(measure: str) -> Told:
    on, mission = date(2025, 5, 1), MEASURES[measure]
    told = registry.MeasureDropped(
        decree=DECREE, article="2", mission=mission, receiver=None, by="17-2025", on=on
    )
    return told, measure


def executed(measure: str) -> Told:
    return registry.MeasureExecuted(decree=DECREE, article="2", mission=MEASURES[measure]), measure


def held(hold: str, measure: str | None) -> Told:
    told = registry.DecreeHeld(
        hold=hold, by="audit-bureau", holder="audit", reason=WHY, conditions=(), measure=measure
    )
    return told, DECREE


def resumed(hold: str) -> Told:
    return registry.DecreeResumed(hold=hold, met=(), reason=WHY), DECREE


FIRST: list[Told] = [(REGISTERED, "emb-va"), (REGISTERED, "emb-fr"), (ISSUED, DECREE)]


def arrivals(told: Sequence[Told]) -> list[Received]:
    """The events as they come, an hour after one another."""
    made, versions = [], dict[str, int]()
    for position, (event, id) in enumerate(told, 1):
        plain = received(event, id, uuid5(NAMESPACE_OID, str(position)))
        at = BEGIN + timedelta(hours=position)
        versions[plain.stream] = versions.get(plain.stream, 0) + 1
        kind = plain.stream.partition(".")[0]
        meta = json.loads(plain.meta) | {
            "id": str(plain.event_id),
            "type": plain.type,
            "schema": plain.schema,
            "stream": plain.stream,
            "version": versions[plain.stream],
            "recorded_at": at.isoformat(),
            "effective_at": at.isoformat(),
            "keys": {**event.keys(), **({kind: id} if kind in ("measure", "decree", "mission") else {})},
        }
        made.append(
            replace(
                plain,
                position=position,
                version=versions[plain.stream],
                recorded_at=at,
                effective_at=at,
                meta=json.dumps(meta).encode(),
                sealed_digest=bytes(32),
                previous=bytes(32),
            )
        )
    return made


@dataclass(frozen=True)
class Course:
    """After which position each procedure is adopted, and the newer release comes that can read orders.

    `breaks` are the positions after which another reader begins, and `seed` draws how many come at once.
    """

    adopted: dict[str, int]
    readable: int
    breaks: frozenset[int]
    seed: int


class Office:
    """Tasks that take in what arrives."""

    def __init__(self, store: EventStore) -> None:
        self.store = store
        self.readable = False
        self._reader: Reacting | None = None
        self._trying: asyncio.Task[None] | None = None

    async def decide(self, decide: Any) -> None:
        await self.store.execute(Command("arrange", Instruction(id=uuid4(), actor=ADMIN), decide))

    async def adopt(self, procedure: str) -> None:
        await self.decide(lambda turn: turn.get(Template, procedure).adopt(PROCEDURE, {"legal"}, turn.moment))

    def react(self, one: Received) -> Command[Any] | None:
        if one.type == registry.MeasureOrdered.event_type and not self.readable:
            raise UnknownEventType("of a newer release")
        return RegistryReactions().react(one)

    async def begin(self) -> Reacting:
        """Begin to read, after whoever read before has ended."""
        await self.end()
        self._reader = Reacting(self.react, self.store, "registry", TasksParked, (), strands_of)
        await self._reader.begin()
        timing = ClockAndGate(VirtualTime(NOW), Gate())
        self._trying = asyncio.create_task(self._reader.try_again(timing))
        return self._reader

    async def end(self) -> None:
        if self._trying is not None:
            self._trying.cancel()
            await asyncio.gather(self._trying, return_exceptions=True)

    async def rest(self) -> None:
        """Wait until nothing is to be tried, by two looks in a row with nothing recorded in between."""
        seen = -1
        assert self._reader is not None
        async with asyncio.timeout(LIMIT):
            while True:
                await self.store.pool.fetchval("SELECT 1")
                quiet = self.store.idle and self._reader.at_rest
                if quiet and seen == self.store.head:
                    return
                seen = self.store.head if quiet else -1


async def taken_in(store: EventStore, events: Sequence[Received], course: Course) -> "Office":
    """Take everything in along a course, and come to rest."""
    office, chance = Office(store), random.Random(course.seed)
    await store.pool.execute(
        "INSERT INTO inboxes (name, position, log_id) VALUES ('registry', 0, $1)", UUID(int=1)
    )
    await office.decide(lambda turn: turn.get(Calendar, "ly").declare(declaration(), turn.moment))
    reader, position = await office.begin(), await store.inbox_position("registry")
    stops = sorted({*course.adopted.values(), course.readable, *course.breaks, len(events)})
    for stop in stops:
        while position < stop:
            upto = min(stop, position + chance.randint(1, 8))
            position = await reader.take(events[position:upto], position)
        for procedure, at in course.adopted.items():
            if at == stop:
                await office.adopt(procedure)
        if stop == course.readable and not office.readable:
            office.readable = True
            reader = await office.begin()
        elif stop in course.breaks:
            reader = await office.begin()
    await office.rest()
    await office.end()
    return office


async def state_of(store: EventStore) -> dict[str, Any]:
    """Plans, tasks, deadlines, decree and missions as they stand, and what is parked.

    Left out is in which order plans of different measures, and tasks of the decree, were made; and of
    deadlines that are met or dropped whether a hold stood when that was taken in, which was recorded after
    it.
    """
    told: dict[str, Any] = {}
    wanted: list[tuple[type[Aggregate], str]] = [
        (Decree, DECREE),
        *((Mission, id) for id in MEASURES.values()),
    ]
    tasks = list((await store.load(Decree, DECREE)).tasks)
    for measure in MEASURES:
        wanted.append((Plan, measure))
        plan = await store.load(Plan, measure)
        tasks += [*plan.former, *(task.task for task in plan.tasks)]
    wanted += [(kind, task) for task in tasks for kind in (Task, Deadline)]
    for kind, id in wanted:
        found = await store.load(kind, id)
        state = json.loads(snapshots.dump(found))
        if kind in (Decree, Mission):
            state |= {name: sorted(state[name]) for name in ("plans", "tasks") if name in state}
        if isinstance(found, Deadline) and found.state in (DeadlineState.MET, DeadlineState.DROPPED):
            del state["suspension"]
        told[f"{kind.kind}.{id}"] = state
    told["parked"] = sorted((await store.load(TasksParked, "registry")).waiting)
    return told
