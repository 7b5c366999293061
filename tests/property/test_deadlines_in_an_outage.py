"""Ten thousand deadlines pass while nobody is there: each is missed once, late, soon after the restart."""

import asyncio
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import uuid4

import asyncpg
import nats
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from services.tasks.calendar import Calendar
from services.tasks.drafting import draft_plan
from services.tasks.plan import ClosingDates
from services.tasks.scheduling import schedule_plan
from services.tasks.service import build
from services.tasks.template import Template
from shared.eventstore.migrate import migrate
from shared.messaging.provision import provision_stream
from shared.service import ServiceSettings
from shared.web.signing import new_signing_key, write_jwks
from tests.property.clocked import Clocked, clocked
from tests.unit.tasks.given import declaration, ordered, proposal, step
from tests.virtual_time import VirtualTime

pytestmark = pytest.mark.timed

BEFORE = datetime(2025, 5, 5, 12, tzinfo=UTC)
AFTER = datetime(2026, 1, 2, tzinfo=UTC)
PLANS, TASKS = 250, 40
DEADLINES = PLANS * TASKS
DATES = ClosingDates(date(2025, 11, 30), date(2025, 12, 31))
PATIENCE = 60.0
"""Seconds after the restart, by the promise."""

COUNT = "SELECT count(*) FROM events WHERE type = $1"
MISSES = """
    SELECT stream, convert_from(data, 'UTF8')::jsonb ->> 'late' AS late, effective_at
    FROM events WHERE type = 'tasks.deadline.missed' ORDER BY position
"""


@pytest.fixture
def key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


@pytest.fixture
async def settings(
    database_url: str, nats_url: str, tmp_path: Path, key: Ed25519PrivateKey
) -> ServiceSettings:
    await migrate(database_url, "tasks")
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "signing.pem").write_bytes(pem)
    write_jwks(tmp_path / "jwks.json", [new_signing_key()])
    return ServiceSettings(
        database_url=database_url,
        nats_url=nats_url,
        signing_key=tmp_path / "signing.pem",
        jwks=tmp_path / "jwks.json",
    )


async def plan_everything(service: Clocked) -> None:
    windows = proposal(*(step(number, window=str(-number)) for number in range(1, TASKS + 1)))
    await service.decide(
        "calendar", lambda turn: turn.get(Calendar, "ly").declare(declaration(), turn.moment)
    )
    await service.decide(
        "template", lambda turn: turn.get(Template, "closing").adopt(windows, {"legal"}, turn.moment)
    )
    await asyncio.gather(*(plan(service, f"m-{number:03d}") for number in range(PLANS)))
    await service.folded()


async def plan(service: Clocked, measure: str) -> None:
    order = ordered(mission=f"emb-{measure}")
    await service.decide(f"draft-{measure}", lambda turn: draft_plan(turn, measure, order, "closing"))
    await service.decide(f"schedule-{measure}", lambda turn: schedule_plan(turn, measure, DATES))


async def test_each_deadline_that_passed_in_an_outage_is_missed_once_and_late(
    settings: ServiceSettings, key: Ed25519PrivateKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.service.frame.spare_collections", lambda: None)  # it is for a whole process
    time = VirtualTime(BEFORE)
    async with clocked(settings.database_url, time, key, sweeping=False) as service:
        await plan_everything(service)
        log_id = service.store.log_id
    time.move(AFTER)
    connection = await asyncpg.connect(settings.database_url, server_settings={"search_path": "tasks"})
    nc = await nats.connect(settings.nats_url)
    try:
        await provision_stream(nc, "registry", uuid4())
        await provision_stream(nc, "tasks", log_id)
        app, began = build(settings, time), perf_counter()
        async with app.router.lifespan_context(app):
            async with asyncio.timeout(PATIENCE):
                await grown_to(DEADLINES, lambda: connection.fetchval(COUNT, "tasks.deadline.missed"))
            took = perf_counter() - began
            print(f"\n{DEADLINES} misses {took:.1f} s after the restart, {DEADLINES / took:.0f} a second")
            head = await connection.fetchval("SELECT position FROM head")
            async with asyncio.timeout(PATIENCE):
                await grown_to(head, lambda: published(nc))
        misses = await connection.fetch(MISSES)
        assert len(misses) == DEADLINES == len(Counter(row["stream"] for row in misses))
        assert {row["late"] for row in misses} == {"true"}
        due = [(row["effective_at"], row["stream"]) for row in misses]
        assert due == sorted(due), "in the order of their due moments, those of one moment by task"
        assert {row["effective_at"].date() for row in misses} <= {
            date(2025, month, day) for month in (11, 12) for day in range(1, 31)
        }
        assert await connection.fetchval(COUNT, "tasks.deadline.approaching") == 0
    finally:
        await connection.close()
        await nc.close()


async def published(nc: Any) -> int:
    return int((await nc.jetstream().stream_info("EVT_TASKS")).state.messages)


async def grown_to(count: int, counted: Any) -> None:
    """Look until there are so many; each look asks an engine."""
    while await counted() < count:
        await asyncio.sleep(0.05)
