"""Given facts of before `tasks` noted any of that kind, when it starts as it is now, then it knows them."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from services.registry.measure import Measure
from services.registry.mission import Mission
from services.tasks import service as tasks_service
from services.tasks.application import Tasks
from services.tasks.calendar import Calendar
from services.tasks.decree import Decree
from services.tasks.indicator import Terms
from services.tasks.mission import Mission as KnownMission
from services.tasks.mission import UnknownMission
from services.tasks.parked import TasksParked
from services.tasks.plan import ClosingDates, Plan
from services.tasks.plan.amending import PlanProposal
from services.tasks.plan.refusals import PlanOver
from services.tasks.reactions import RegistryReactions
from services.tasks.settings import TasksSettings
from services.tasks.template import Template
from shared.contracts import tasks as said
from shared.contracts.event import Event
from shared.contracts.registry import (
    MeasureExecuted,
    MissionClosed,
    MissionClosing,
    MissionDatesSet,
    MissionRegistered,
    MissionReopened,
    Objective,
)
from shared.contracts.tasks import Direction
from shared.contracts.text import Text
from shared.domain import Aggregate
from shared.domain.clock import system_clock
from shared.eventstore.command import Command, Instruction, Turn
from shared.eventstore.migrate import migrate
from shared.eventstore.store import EventStore
from shared.messaging.connection import broker_for
from shared.messaging.provision import provision_stream
from shared.messaging.reacting import reacting
from shared.messaging.received import Received
from shared.messaging.relay import Relay
from shared.web.signing import new_signing_key, write_jwks
from tests.unit.registry.world import OFFICIAL_ON, PUBLIC_ON, row
from tests.unit.tasks.given import (
    ADMIN,
    ISSUED,
    MEASURE,
    OFFICE,
    ORDERED,
    REGISTERED,
    by,
    declaration,
    noting,
    proposal,
    step,
)

ISSUED_FOR = ISSUED.model_copy(
    update={"objectives": (Objective(key="spending", text=Text(en="Spend less")),)}
)


NOT_NOTED = (MissionRegistered, MeasureExecuted, MissionReopened)


class Earlier(RegistryReactions):
    """The reactions of a release that noted neither missions nor executions nor reopenings."""

    def react(self, received: Received) -> Command[Any] | None:
        return None if isinstance(received.event, NOT_NOTED) else super().react(received)


async def act(store: EventStore, key: str, decide: Any) -> None:
    await store.execute(Command("given", Instruction(id=uuid5(UUID(int=4), key), actor=ADMIN), decide))


async def register(registry: EventStore, mission: str) -> None:
    await act(registry, mission, lambda turn: turn.get(Mission, mission).register(REGISTERED, turn.moment))


@pytest.fixture
async def registry(database_url: str, nats_url: str) -> AsyncIterator[EventStore]:
    """The registry's store, with its relay."""
    await migrate(database_url, "registry")
    store = EventStore("registry", database_url, system_clock, Ed25519PrivateKey.generate())
    await store.open()
    broker = broker_for(nats_url, "registry")
    nc = await broker.connect()
    provision = partial(provision_stream, nc, "registry", store.log_id)
    relaying = asyncio.create_task(Relay(store, nc, database_url, provision).run())
    yield store
    relaying.cancel()
    await asyncio.gather(relaying, return_exceptions=True)
    await broker.stop()
    await store.close()


@pytest.fixture
async def settings(database_url: str, nats_url: str, tmp_path: Path) -> TasksSettings:
    await migrate(database_url, "tasks")
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "signing.pem").write_bytes(pem)
    write_jwks(tmp_path / "jwks.json", [new_signing_key()])
    return TasksSettings(
        database_url=database_url,
        nats_url=nats_url,
        signing_key=tmp_path / "signing.pem",
        jwks=tmp_path / "jwks.json",
    )


@asynccontextmanager
async def running(settings: TasksSettings, registry: EventStore) -> AsyncIterator[EventStore]:
    """The service, once it has taken in what the registry told; its store."""
    app = tasks_service.build(settings)
    async with app.router.lifespan_context(app), asyncio.timeout(60):
        store: EventStore = app.state.frame.store
        await store.taken_in("registry", registry.head)
        yield store


async def define(store: EventStore, mission: str) -> None:
    terms = Terms(
        objective="spending",
        mission=mission,
        name=Text(en="Spending"),
        unit=Text(en="million"),
        direction=Direction.DOWN,
        baseline=Decimal(100),
        baseline_on=None,
        target=Decimal(80),
        target_on=(system_clock() + timedelta(days=30)).date(),
    )
    tasks = Tasks(store, None)  # type: ignore[arg-type]  # nothing is read here
    await tasks.indicators.define(by(OFFICE, mission), f"of-{mission}", "298-2025", "ly", terms)


def given(turn: Turn) -> None:
    turn.get(Decree, "298-2025").note(ISSUED_FOR, turn.moment)
    turn.get(Calendar, "ly").declare(declaration(), turn.moment)


@contextmanager
def earlier_release(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The service as it was before it noted what it notes now."""
    with monkeypatch.context() as patched:
        patched.setattr(tasks_service, "RegistryReactions", Earlier)
        patched.setattr(tasks_service, "reacting", lambda react, kind, *_, **__: reacting(react, kind))
        yield


async def test_missions_registered_before_they_were_noted_are_known_after_an_upgrade(
    settings: TasksSettings, registry: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.service.frame.spare_collections", lambda: None)  # it is for a whole process
    for mission in ("emb-va", "emb-it"):
        await register(registry, mission)
    with earlier_release(monkeypatch):
        async with running(settings, registry) as store:
            await act(store, "given", given)
            with pytest.raises(UnknownMission):
                await define(store, "emb-va")

    await register(registry, "emb-fr")
    async with running(settings, registry) as store:
        for mission in ("emb-va", "emb-it", "emb-fr"):
            await define(store, mission)
        with pytest.raises(UnknownMission):
            await define(store, "emb-xx")
        noted = [r.id for r in await store.read(0) if isinstance(r.event, said.MissionNoted)]
    assert noted == ["emb-va", "emb-it", "emb-fr"]


def procedure(turn: Turn) -> None:
    noting("legal")(turn)
    turn.get(Calendar, "ly").declare(declaration(), turn.moment)
    turn.get(Template, "closing").adopt(proposal(step(1)), {"legal"}, turn.moment)


CLOSING = {"decree": "298-2025", "measure": MEASURE}
HISTORY: tuple[tuple[type[Aggregate], str, Event], ...] = (
    (Measure, MEASURE, row()),
    (Measure, MEASURE, ORDERED),
    (Mission, "emb-va", MissionClosing(**CLOSING, receiver="emb-it")),
    (
        Mission,
        "emb-va",
        MissionClosed(
            **CLOSING, successor="emb-it", public_on=PUBLIC_ON, official_on=OFFICIAL_ON, accreditations=()
        ),
    ),
    (Measure, MEASURE, MeasureExecuted(decree="298-2025", article="2", mission="emb-va")),
    (Mission, "emb-va", MissionReopened(decree="16-2026", measure="16-2026-a1-r01")),
)
"""A mission is closed, and opened again."""


async def test_executions_and_reopenings_of_before_they_were_noted_are_known_after_an_upgrade(
    settings: TasksSettings, registry: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.service.frame.spare_collections", lambda: None)  # it is for a whole process
    with earlier_release(monkeypatch):
        async with running(settings, registry) as store:
            await act(store, "given", procedure)
            await register(registry, "emb-va")
            for number, (kind, id, event) in enumerate(HISTORY):
                told: Any = partial(_tell, kind, id, event)
                await act(registry, f"told-{number}", told)
            await store.taken_in("registry", registry.head)
            assert (await store.load(Plan, MEASURE)).executed_at is None

    executed, reopened = (await registry.read(0))[-2:]
    await register(registry, "emb-fr")
    async with running(settings, registry) as store:
        plan, mission = await store.load(Plan, MEASURE), await store.load(KnownMission, "emb-va")
        assert (plan.executed_at, mission.reopened) == (executed.effective_at, (reopened.effective_at,))
        change = PlanProposal.model_validate({"reason": "More", "add": [step(2)]})
        with pytest.raises(PlanOver):
            await Tasks(store, None).planning.replan(by(OFFICE), MEASURE, change)  # type: ignore[arg-type]


async def test_dates_that_were_set_before_the_procedure_was_adopted_are_those_of_the_plan(
    settings: TasksSettings, registry: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The service as it is composed: what rests on a parked order waits behind it, and follows it."""
    monkeypatch.setattr("shared.service.frame.spare_collections", lambda: None)  # it is for a whole process
    dated = MissionDatesSet(**CLOSING, public_on=PUBLIC_ON, official_on=OFFICIAL_ON)
    facts: tuple[tuple[type[Aggregate], str, Event], ...] = (*HISTORY[:3], (Mission, "emb-va", dated))
    await register(registry, "emb-va")
    for number, (kind, id, event) in enumerate(facts):
        await act(registry, f"told-{number}", partial(_tell, kind, id, event))
    async with running(settings, registry) as store:
        parked = await store.load(TasksParked, "registry")
        ordered_at, dated_at = parked.waiting
        assert (parked.before(ordered_at), parked.before(dated_at)) == (None, ordered_at)
        await act(store, "given", procedure)
        while True:
            head, plan = store.head, await store.load(Plan, MEASURE)
            if plan.dates is not None:
                break
            await store.advanced(head)
    assert plan.dates == ClosingDates(PUBLIC_ON, OFFICIAL_ON)


def _tell(kind: type[Aggregate], id: str, event: Event, turn: Turn) -> None:
    turn.get(kind, id).record(event, turn.moment)
