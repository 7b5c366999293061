"""A ladder is climbed by its own sweeper on real engines; after an outage each step once, in order."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.tasks.calendar import Calendar
from services.tasks.drafting import draft_plan
from services.tasks.escalation_policy import STANDING, EscalationPolicy
from services.tasks.scheduling import schedule_plan
from services.tasks.sweeping import Escalating
from services.tasks.template import Template
from services.tasks.views import EscalationsView
from shared.contracts import tasks as said
from shared.eventstore.migrate import migrate
from shared.service.sweeper import Sweeper
from tests.property.clocked import Clocked, clocked
from tests.unit.tasks.dated import FIRST
from tests.unit.tasks.escalated import LADDER, STEPS
from tests.unit.tasks.given import DATES, MEASURE, SMALL, declaration, noting, ordered
from tests.virtual_time import VirtualTime

BEFORE = datetime(2025, 5, 5, 12, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


async def plan(service: Clocked) -> None:
    known = {"legal", "protocol", "archives"}
    for key in known:
        await service.decide(f"department-{key}", noting(key))
    decisions = {
        "calendar": lambda turn: turn.get(Calendar, "ly").declare(declaration(), turn.moment),
        "template": lambda turn: turn.get(Template, "closing").adopt(SMALL, known, turn.moment),
        "ladder": lambda turn: turn.get(EscalationPolicy, STANDING).declare(LADDER, known, turn.moment),
        "draft": lambda turn: draft_plan(turn, MEASURE, ordered(), "closing"),
        "dates": lambda turn: schedule_plan(turn, MEASURE, DATES),
    }
    for name, decision in decisions.items():
        await service.decide(name, decision)


async def taken(service: Clocked) -> list[tuple[int, bool]]:
    """The steps of the first task, with whether each was late."""
    records = await service.store.history(f"escalation.{FIRST}")
    return [
        (one.event.step, one.event.late) for one in records if isinstance(one.event, said.EscalationRaised)
    ]


async def test_steps_that_fell_due_in_an_outage_are_taken_once_in_order_and_the_next_in_time(
    database_url: str,
) -> None:
    await migrate(database_url, "tasks")
    key, time = Ed25519PrivateKey.generate(), VirtualTime(BEFORE)
    async with clocked(database_url, time, key, sweeping=False) as service:
        await plan(service)
    time.move(at("2025-09-05 12:00"))
    async with clocked(database_url, time, key, sweeping=True) as service:
        climbing = Sweeper(
            service.store,
            service.views,
            EscalationsView.name,
            Escalating(service.store).act,
            time,
            database_url,
        )
        job = asyncio.create_task(climbing.run())
        try:
            await at_rest(service, climbing)
            assert await taken(service) == [(1, True), (2, True), (3, True)]
            time.move(at(STEPS[3]))
            await at_rest(service, climbing)
            assert await taken(service) == [(1, True), (2, True), (3, True), (4, False)]
            row = await service.views.get("escalations", FIRST)
            assert row is not None and (row["step"], row["next_at"]) == (4, None)
        finally:
            job.cancel()
            with suppress(asyncio.CancelledError):
                await job


async def at_rest(service: Clocked, *sweepers: Any) -> None:
    """Wait until no sweeper has anything to do, one after the other, since one may give another some."""
    async with asyncio.timeout(60):
        while not (service.sweeper.at_rest and all(sweeper.at_rest for sweeper in sweepers)):
            await asyncio.sleep(0.01)
