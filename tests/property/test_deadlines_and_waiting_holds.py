"""What waits in the registry's stream after an outage is taken in before anything is recorded as missed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import nats
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from services.registry.decree import Decree, holding
from services.tasks.calendar import Calendar
from services.tasks.drafting import draft_plan
from services.tasks.plan import ClosingDates
from services.tasks.scheduling import schedule_plan
from services.tasks.service import build
from services.tasks.template import Template
from services.tasks.views import DeadlinesView
from shared.eventstore.command import Command, Instruction, Turn
from shared.eventstore.migrate import migrate
from shared.eventstore.store import EventStore
from shared.messaging.inbox import Inbox
from shared.messaging.provision import provision_stream
from shared.messaging.relay import Relay
from shared.service import ServiceSettings, catching_up, frame
from shared.web.signing import new_signing_key, write_jwks
from tests.property.clocked import Clocked, clocked
from tests.unit.registry.world import DECREE, MEASURE, STUDIES, WHY, draft
from tests.unit.tasks.given import ADMIN, ORDERED, declaration, proposal, step
from tests.virtual_time import VirtualTime

BEFORE = datetime(2025, 5, 5, 12, tzinfo=UTC)
AFTER = datetime(2026, 1, 2, tzinfo=UTC)
DATES = ClosingDates(date(2025, 11, 30), date(2025, 12, 31))


@pytest.fixture
def key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


@pytest.fixture
async def settings(
    database_url: str, nats_url: str, tmp_path: Path, key: Ed25519PrivateKey
) -> ServiceSettings:
    for service in ("tasks", "registry"):
        await migrate(database_url, service)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "signing.pem").write_bytes(pem)
    write_jwks(tmp_path / "jwks.json", [new_signing_key()])
    return ServiceSettings(
        database_url=database_url,
        nats_url=nats_url,
        signing_key=tmp_path / "signing.pem",
        jwks=tmp_path / "jwks.json",
    )


@pytest.fixture
async def nc(nats_url: str) -> AsyncIterator[Any]:
    connection = await nats.connect(nats_url)
    yield connection
    await connection.close()


async def plan(service: Clocked) -> None:
    windows = proposal(*(step(number, window=str(-number)) for number in range(1, 6)))
    await service.decide("c", lambda turn: turn.get(Calendar, "ly").declare(declaration(), turn.moment))
    await service.decide(
        "t", lambda turn: turn.get(Template, "closing").adopt(windows, {"legal"}, turn.moment)
    )
    await service.decide("p", lambda turn: draft_plan(turn, MEASURE, ORDERED, "closing"))
    await service.decide("s", lambda turn: schedule_plan(turn, MEASURE, DATES))
    await service.folded()


async def hold(registry: EventStore, nc: Any, url: str) -> None:
    """Hold the decree in the registry, and have that published."""

    def decide(turn: Turn) -> None:
        decree = turn.get(Decree, DECREE)
        decree.issue(draft(procedure=None), turn.moment)
        decree.enter_into_force(date(2025, 4, 30), turn.moment)
        holding.hold(decree, "h1", "audit-bureau", "audit", WHY, STUDIES, turn.moment)

    await registry.execute(Command("hold", Instruction(id=uuid4(), actor=ADMIN), decide))

    async def provision() -> object:
        return await provision_stream(nc, "registry", registry.log_id)

    relay = Relay(registry, nc, url, provision)
    running = asyncio.create_task(relay.run())
    async with asyncio.timeout(30):
        await relay.progress.reached(registry.head)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def test_a_hold_that_waits_in_the_stream_comes_before_the_misses(
    settings: ServiceSettings, key: Ed25519PrivateKey, nc: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    time = VirtualTime(BEFORE)
    async with clocked(settings.database_url, time, key, sweeping=False) as service:
        await plan(service)
        await provision_stream(nc, "tasks", service.store.log_id)
    # Given a hold of before the due moments that `tasks`, which is down, has not taken in.
    registry = EventStore("registry", settings.database_url, time, key)
    await registry.open()
    await hold(registry, nc, settings.database_url)
    await registry.close()
    time.move(AFTER)

    # When it starts, and its inbox reads nothing until the sweeper is about to act.
    asked, reads = asyncio.Event(), Inbox.run

    async def caught_up(*of: Any) -> bool:
        asked.set()
        return await catching_up.caught_up(*of)

    async def run(inbox: Inbox) -> None:
        await asked.wait()
        await reads(inbox)

    monkeypatch.setattr(frame, "spare_collections", lambda: None)  # it is for a whole process
    monkeypatch.setattr(frame, "caught_up", caught_up)
    monkeypatch.setattr(Inbox, "run", run)
    app = build(settings, time)
    async with app.router.lifespan_context(app):
        running = app.state.frame
        async with asyncio.timeout(40):
            deadlines = next(each for each in running.sweepers if each.view == DeadlinesView.name)
            while not deadlines.at_rest:
                await asyncio.sleep(0.01)
        told = await running.store.pool.fetch("SELECT type, count(*) FROM events GROUP BY type")

    # Then the clocks stand, and nothing was missed.
    counted = {row["type"].removeprefix("tasks.deadline."): row["count"] for row in told}
    assert (counted.get("missed", 0), counted.get("suspended", 0)) == (0, 5)
