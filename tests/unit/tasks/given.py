"""What the tests of this service begin with: a procedure, a calendar, and a store that is a dictionary."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, TypeVar, cast
from uuid import UUID, uuid5

from services.tasks.calendar import Calendar
from services.tasks.department import Department
from services.tasks.plan import ClosingDates
from services.tasks.template import Template, TemplateProposal
from services.tasks.views import every_view
from shared.calendar import CalendarDeclaration, Roll
from shared.contracts.delegation import Headship, StandIn
from shared.contracts.event import Event
from shared.contracts.registry import (
    Confidence,
    DecreeIssued,
    MeasureKind,
    MeasureOrdered,
    MissionKind,
    MissionRegistered,
    Obligation,
    Provenance,
)
from shared.contracts.tasks import Evidence
from shared.contracts.text import Text
from shared.domain import Actor, Aggregate, Change, Moment
from shared.eventstore.codec import encode
from shared.eventstore.command import Command, Instruction, Outcome
from shared.eventstore.record import Record
from shared.messaging.received import Received
from shared.projections import View
from shared.projections.answers import NOTHING
from shared.projections.folding import facets_of

T = TypeVar("T")
A = TypeVar("A", bound=Aggregate)
E = TypeVar("E", bound=Event)

NOON = datetime(2025, 5, 5, 12, tzinfo=UTC)
NOW = Moment(NOON, NOON)
ALONE = "Their part is not waited for"
"""Why work is accepted without the parts of co-executors."""
SPACE = UUID(int=0)
EVENT_ID, CORRELATION = UUID(int=7), UUID(int=8)

ADMIN = Actor(subject="admin-1", role="admin")
OFFICE = Actor(subject="office-1", role="follow-up-office")
LEGAL = Actor(subject="legal-1", role="department", department="legal")
PROTOCOL = Actor(subject="protocol-1", role="department", department="protocol")
AUDITOR = Actor(subject="auditor-1", role="auditor")

LETTER = Evidence(document="Letter", sha256="a" * 64, letter_number="17/2025")
MINUTES = Evidence(document="Minutes", sha256="b" * 64)

ORDERED = MeasureOrdered(
    decree="298-2025",
    article="2",
    row=1,
    measure_kind=MeasureKind.MERGE,
    mission="emb-va",
    receiver="emb-it",
    procedure="closing",
)
REGISTERED = MissionRegistered(
    mission_kind=MissionKind.EMBASSY,
    name=Text(en="Embassy to the Holy See", ar="السفارة لدى الكرسي الرسولي"),
    host="VA",
    city=Text(en="Rome", ar="روما"),
    accreditations=(),
    confidence=Confidence.CONFIDENT,
    provenance=Provenance.FICTITIOUS,
)
MEASURE = "298-2025-a2-r01"
DATES = ClosingDates(public_on=date(2025, 8, 31), official_on=date(2025, 9, 30))

REPORT = Obligation(
    key="report",
    article="3",
    title=Text(en="Report"),
    rule="1 month of announced_on",
    anchored_on=date(2025, 4, 30),
    roll=Roll.BACK,
    task=40,
)
ISSUED = DecreeIssued(
    number=298,
    year=2025,
    uri="/akn/ly/act/decree/2025/298",
    title=Text(en="Decree"),
    issuer=Text(en="Prime Minister"),
    announced_on=date(2025, 4, 30),
    articles=(),
    obligations=(REPORT,),
    procedure="closing",
)


def step(number: int, **changes: object) -> dict[str, Any]:
    """A task of a proposal; led by the legal department and due at T where nothing else is said."""
    return {
        "number": number,
        "workstream": "legal",
        "title": {"en": f"Task {number}", "ar": f"مهمة {number}"},
        "lead": "legal",
        "window": "0",
        **changes,
    }


def proposal(*steps: dict[str, Any], **changes: object) -> TemplateProposal:
    """A proposal of these tasks."""
    facts: dict[str, object] = {
        "label": "1",
        "title": {"en": "Closing"},
        "calendar": "ly",
        "roll": "back",
        "tasks": list(steps),
        **changes,
    }
    return TemplateProposal.model_validate(facts)


def report(number: int = 40, **changes: object) -> dict[str, Any]:
    """A decree's own task."""
    facts = step(number, due="1 month of announced_on", roll="back", **changes)
    del facts["window"]
    return facts


EVIDENCE = {"en": "Letter", "ar": "كتاب"}
SMALL = proposal(
    step(1, window="-30", gate=1, evidence=EVIDENCE, co_executors=["protocol"]),
    step(2, window="-20..-10", needs=[1], gate=3, evidence=EVIDENCE),
    step(3, needs=[1], gate=3, evidence=EVIDENCE),
    step(4, lead="protocol", needs=["gates"]),
    decree_tasks=[report()],
)
"""Four tasks: 1 gates the first condition, 2 and 3 the third, 4 needs the gates; and the report."""


def declaration(*days_off: date, label: str = "1") -> CalendarDeclaration:
    """A calendar of Friday and Saturday weekends."""
    return CalendarDeclaration.model_validate(
        {
            "label": label,
            "zone": "Africa/Tripoli",
            "weekend": ["friday", "saturday"],
            "holidays": [{"day": day, "name": {"en": "Day off"}, "basis": "fixed"} for day in days_off],
            "covers_from": "2025-01-01",
            "covers_to": "2026-12-31",
            "source": "test",
        }
    )


@dataclass
class MemoryTurn:
    """What a decision sees; it keeps what it got."""

    store: "MemoryStore"
    actor: Actor
    moment: Moment
    got: dict[str, Aggregate]

    def get(self, kind: type[A], id: str) -> A:
        found = self.store.find(kind, id)
        self.got.setdefault(found.stream, found)
        return found

    def get_all(self, kind: type[A], ids: Iterable[str]) -> list[A]:
        return [self.get(kind, id) for id in ids]


class MemoryStore:
    """Aggregates in memory and the log of what happened to them."""

    def __init__(self) -> None:
        self.aggregates: dict[str, Aggregate] = {}
        self.log: list[Record] = []
        self.now = NOON

    def find(self, kind: type[A], id: str) -> A:
        blank = kind.blank(id)
        return cast(A, self.aggregates.setdefault(blank.stream, blank))

    def run(
        self, decide: Callable[[Any], T], actor: Actor = ADMIN, effective_at: datetime | None = None
    ) -> T:
        """Let a command decide now and keep what it recorded; a refusal must have recorded nothing."""
        return self._run(decide, actor, effective_at)[0]

    async def execute(self, command: Command[T]) -> Outcome[T]:
        """Stand in for the store: the outcome and its answer, without durability or repetition."""
        before = len(self.log)
        value, turn = self._run(
            lambda turn: _decided(command, turn), command.by.actor, command.by.effective_at
        )
        versions = {stream: found.version for stream, found in turn.got.items()}
        outcome = Outcome(value, len(self.log), len(self.log) - before, versions)
        stream, version = next(iter(versions.items()), ("", 0))
        outcome.created = version == 1 and any(row.stream == stream for row in self.log[before:])
        render = command.by.answer
        return outcome if render is None else replace(outcome, answer=render(outcome))

    async def load(self, kind: type[A], id: str, upto: int | None = None) -> A:
        """The aggregate as it is now, or as it was at a position."""
        if upto is None:
            return self.find(kind, id)
        past = kind.blank(id)
        for row in self.log[:upto]:
            if row.stream == past.stream:
                Change(id, row.version, row.recorded_at, row.effective_at, row.event).mutate(past)
        return past

    @property
    def head(self) -> int:
        """The last position."""
        return len(self.log)

    async def load_all(self, wanted: Sequence[tuple[type[Aggregate], str]], upto: int) -> list[Aggregate]:
        """The aggregates as they are now."""
        return [self.find(kind, id) for kind, id in wanted]

    async def history(
        self, stream: str, after_version: int = 0, upto: int = 2**63 - 1, limit: int | None = None
    ) -> list[Record]:
        """The records of a stream after a version."""
        found = (row for row in self.log if row.stream == stream and after_version < row.version)
        return [row for row in found if row.position <= upto][:limit]

    def said(self, kind: type[E]) -> list[E]:
        """The recorded events of one kind, in order."""
        return [row.event for row in self.log if type(row.event) is kind]

    def _run(
        self, decide: Callable[[Any], T], actor: Actor, effective_at: datetime | None
    ) -> tuple[T, MemoryTurn]:
        turn = MemoryTurn(self, actor, Moment(self.now, effective_at or self.now), {})
        try:
            value = decide(turn)
        except Exception:
            assert not any(found.pending_events for found in turn.got.values()), "refused after recording"
            raise
        for found in turn.got.values():
            for change in found.collect_events():
                self._keep(found, cast(Change, change), actor)
        return value, turn

    def _keep(self, aggregate: Aggregate, change: Change, actor: Actor) -> None:
        id = str(UUID(int=len(self.log) + 1))
        meta = {"id": id, "correlation": id, "actor": actor.model_dump(exclude_none=True)}
        meta |= {"keys": change.event.keys()}
        record = Record(
            position=len(self.log) + 1,
            stream=aggregate.stream,
            version=change.originator_version,
            type=change.event.event_type,
            schema=change.event.class_version,
            recorded_at=change.timestamp,
            effective_at=change.effective_at,
            data=encode(change.event),
            meta=json.dumps(meta).encode(),
            sealed=b"",
            previous=b"",
            leaf=b"",
        )
        self.log.append(record)


class MemoryViews:
    """Folds the log of a memory store with the service's own views, anew at every question."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    @property
    def position(self) -> int:
        return len(self._store.log)

    async def wait_for(self, position: int, timeout: float) -> bool:
        return position <= self.position

    def rows(self, name: str, as_of: int | None = None) -> dict[str, dict[str, Any]]:
        """The rows of a view, by key."""
        view = _view(name)
        rows: dict[str, dict[str, Any]] = {}
        for record in self._store.log[:as_of]:
            for key in view.keys(record):
                doc = view.fold(key, rows.get(key), record)
                assert doc is not None
                rows[key] = json.loads(json.dumps(doc))
        return dict(sorted(rows.items()))

    async def get(self, view: str, key: str, as_of: int | None = None) -> dict[str, Any] | None:
        return self.rows(view, as_of).get(key)

    async def list(
        self,
        view: str,
        where: Mapping[str, str] = NOTHING,
        after: str | None = None,
        limit: int = 50,
        as_of: int | None = None,
    ) -> list[tuple[str, dict[str, Any]]]:
        found = [
            (key, row)
            for key, row in self.rows(view, as_of).items()
            if (after is None or key > after) and where.items() <= _facets(view, row).items()
        ]
        return found[:limit]

    async def count(
        self, view: str, by: Sequence[str], where: Mapping[str, str] = NOTHING, as_of: int | None = None
    ) -> Sequence[tuple[tuple[str, ...], int]]:
        rows = [row for _, row in await self.list(view, where, limit=10_000, as_of=as_of)]
        return list(Counter(tuple(_facets(view, row).get(facet, "") for facet in by) for row in rows).items())


def _facets(view: str, row: dict[str, Any]) -> dict[str, str]:
    """What a row is found by, as the table of rows has it."""
    found: dict[str, str] = json.loads(facets_of(_view(view), row))
    return found


def _view(name: str) -> View:
    return next(view for view in every_view() if view.name == name)


def by(actor: Actor, key: str = "1") -> Instruction:
    """An instruction of an actor."""
    return Instruction(id=uuid5(SPACE, key), actor=actor)


def on_behalf(actor: Actor, head: str) -> Actor:
    """The actor standing in for a head, of the actor's department or of one called ``office``."""
    department = actor.department or "office"
    return Actor(**{**actor.model_dump(), "on_behalf_of": head, "department": department})


def delegated(store: MemoryStore, actor: Actor) -> Actor:
    """Let the actor's head have delegated everything to them for the year; return the actor."""
    head, department = actor.on_behalf_of, actor.department
    assert head is not None and department is not None
    since, until = datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)

    def note(turn: Any) -> None:
        led = turn.get(Department, department)
        led.note_head(Headship(head=head, role=actor.role, since=since), turn.moment)
        led.note_stand_in(
            StandIn(key="d-1", head=head, deputy=actor.subject, since=since, until=until), turn.moment
        )

    store.run(note)
    return actor


def _decided(command: Command[T], turn: Any) -> T:
    if command.by.condition is not None:
        if command.reads:
            turn.get(*command.reads[0])
        command.by.condition(turn)
    return command.decide(turn)


def noting(department: str) -> Callable[[Any], None]:
    """The decision to note a department."""
    return lambda turn: turn.get(Department, department).note(Text(en=department), NOW)


def store_with_procedure(adopted: TemplateProposal = SMALL) -> MemoryStore:
    """A store that knows the departments, the calendar `ly` and the procedure `closing`."""
    store = MemoryStore()
    departments = adopted.departments()
    for key in (*departments, "archives"):
        store.run(noting(key))
    store.run(lambda turn: turn.get(Calendar, "ly").declare(declaration(), NOW))
    store.run(lambda turn: turn.get(Template, "closing").adopt(adopted, set(departments), NOW))
    return store


def ordered(**changes: object) -> MeasureOrdered:
    """The order of the sample measure."""
    return ORDERED.model_copy(update=changes)


def received(event: Event, id: str, event_id: UUID = EVENT_ID) -> Received:
    """An event of the registry as it comes through the inbox."""
    kind = event.event_type.split(".")[1]
    meta = {"correlation": str(CORRELATION), "traceparent": None}
    return Received(
        log_id=UUID(int=1),
        position=3,
        stream=f"{kind}.{id}",
        version=1,
        type=event.event_type,
        schema=event.class_version,
        recorded_at=NOON,
        effective_at=NOON,
        event_id=event_id,
        data=encode(event),
        meta=json.dumps(meta).encode(),
        sealed_digest=b"",
        previous=b"",
    )
