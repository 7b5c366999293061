"""Whatever a timer records goes back to the event that made it due, after an outage and in time alike."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.tasks.sweeping import Escalating
from services.tasks.views import EscalationsView
from shared.eventstore.migrate import migrate
from shared.eventstore.record import Record
from shared.service.sweeper import Sweeper
from tests.property.clocked import Clocked, clocked
from tests.property.test_escalation_in_an_outage import at, at_rest, plan
from tests.unit.tasks.dated import FIRST
from tests.unit.tasks.escalated import STEPS
from tests.virtual_time import VirtualTime

BEFORE = datetime(2025, 5, 5, 12, tzinfo=UTC)
IN_TIME = ("2025-08-25 12:00", "2025-08-31 22:00", *STEPS)
AFTER_AN_OUTAGE = ("2025-09-09 12:00",)
CHAIN = ["deadline.set", "deadline.missed", "escalation.begun", *4 * ["escalation.raised"]]


async def records(service: Clocked) -> list[Record]:
    found = [await service.store.history(f"{kind}.{FIRST}") for kind in ("deadline", "escalation")]
    return [record for stream in found for record in stream]


def caused(record: Record) -> str:
    return str(record.about.fields.get("causation"))


@pytest.mark.parametrize("moments", [IN_TIME, AFTER_AN_OUTAGE], ids=["in time", "after an outage"])
async def test_the_last_step_goes_back_to_the_miss_and_the_day_that_was_set(
    database_url: str, moments: tuple[str, ...]
) -> None:
    await migrate(database_url, "tasks")
    time = VirtualTime(BEFORE)
    async with clocked(database_url, time, Ed25519PrivateKey.generate(), sweeping=True) as service:
        act = Escalating(service.store).act
        climbing = Sweeper(service.store, service.views, EscalationsView.name, act, time, database_url)
        job = asyncio.create_task(climbing.run())
        try:
            await plan(service)
            for moment in moments:
                time.move(at(moment))
                await at_rest(service, climbing)
            told = await records(service)
        finally:
            job.cancel()
            with suppress(asyncio.CancelledError):
                await job
    known = {str(record.event_id): record for record in told}
    chain = [told[-1]]
    while (before := known.get(caused(chain[0]))) is not None:
        chain.insert(0, before)
    assert [record.type.removeprefix("tasks.") for record in chain] == CHAIN
    (near,) = [record for record in told if record.type.endswith("approaching")] or [None]
    assert (near is None) is (moments is AFTER_AN_OUTAGE)
    assert near is None or caused(near) == str(chain[0].event_id)
    assert len({record.about.correlation for record in told}) == 1, "it is one chain"
