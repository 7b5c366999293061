"""Promise 5, in small: PostgreSQL is stopped, killed, or crashes, while tens of clients send commands."""

import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest

from shared.eventstore.line import AWAY
from tests.engines import ThrowawayEngines
from tests.faults.crowd import Crowd
from tests.faults.entering import dossier, enter
from tests.faults.ministry import Ministry, ministry_in
from tests.faults.processes import ROUNDS, Outage, Served, rounds, until
from tests.faults.streams import check_same, listening, messages_upto

pytestmark = pytest.mark.faults

MISSIONS = [f"emb-{number}" for number in range(60)]
BACK_WITHIN = 10.0
_COMMITTED_LAST = """
    SELECT pid FROM pg_stat_activity WHERE application_name = 'tanfidh registry'
    ORDER BY xact_start DESC NULLS LAST, query_start DESC LIMIT 1
"""

Restart = Callable[[ThrowawayEngines, Ministry], None]


def crash_a_backend(engines: ThrowawayEngines, ministry: Ministry) -> None:
    """Kill the one process of PostgreSQL that commits: it ends all sessions, and recovers by itself."""
    pid = asyncio.run(ministry.fetchval("registry", _COMMITTED_LAST))
    os.kill(pid, signal.SIGKILL)
    asyncio.run(answering(ministry))


async def answering(ministry: Ministry) -> None:
    async def answers() -> bool:
        try:
            return await ministry.fetchval("registry", "SELECT pg_postmaster_start_time() IS NOT NULL")
        except AWAY:
            return False

    await until(answers)


def stop_by(number: signal.Signals) -> Restart:
    return lambda engines, _: engines.restart_database(number)


def broker_and_database(engines: ThrowawayEngines, ministry: Ministry) -> None:
    ministry.nats.restart(signal.SIGKILL)
    engines.restart_database(signal.SIGINT)


def database_and_broker(engines: ThrowawayEngines, ministry: Ministry) -> None:
    engines.restart_database(signal.SIGINT)
    ministry.nats.restart(signal.SIGKILL)


RESTARTS: dict[str, Restart] = {
    "fast": stop_by(signal.SIGINT),
    "killed": stop_by(signal.SIGKILL),
    "backend-crashed": crash_a_backend,
}
if ROUNDS:
    RESTARTS |= {
        "immediate": stop_by(signal.SIGQUIT),
        "after-the-broker": broker_and_database,
        "before-the-broker": database_and_broker,
    }


@pytest.mark.parametrize("restart", RESTARTS.values(), ids=RESTARTS.keys())
async def test_no_answer_is_lost(engines: ThrowawayEngines, tmp_path: Path, restart: Restart) -> None:
    async with ministry_in(engines, tmp_path) as ministry:
        served = await ministry.serve("registry")
        async with ministry.client(served) as client:
            await enter(client, dossier(1, MISSIONS), "dossier")
        crowd = Crowd(ministry, MISSIONS)
        back = 0.0
        for _ in range(rounds(1, every=10)):
            outage = Outage(lambda: restart(engines, ministry))
            back = max(back, await go_through(crowd, served, outage))
        async with ministry.client(served) as client:
            response = await client.get("/readyz")
            assert response.status_code == 200, response.text
        head = await ministry.fetchval("registry", "SELECT position FROM head")
        async with listening(ministry.nats.url) as nc:
            messages = await messages_upto(nc, "registry", head)
        await ministry.kill_all()
        records = await ministry.checked_log("registry")
    print(
        f"\n{len(crowd.told)} commands, {crowd.unavailable} told to repeat; answers again within {back:.2f} s"
    )
    assert back < BACK_WITHIN
    assert sorted(r.id for r in records if r.type == "registry.staff.posted") == sorted(crowd.told)
    check_same(records, messages)


async def go_through(crowd: Crowd, served: Served, outage: Outage) -> float:
    """Press on through the outage; return the seconds until a command was answered that was sent after it.

    Every answer on the way must be a success or 503: a false conflict would fail in the crowd.
    """
    await crowd.press([served], 200, outage.begin, more=300)
    assert outage.over is not None
    await outage.over
    await crowd.press([served], 1, lambda: None)
    back = monotonic() - outage.since
    await crowd.repeat([served])
    return back
