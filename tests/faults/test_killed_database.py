"""Promise 5, in small: PostgreSQL is stopped, or killed, while tens of clients send commands."""

import signal
from pathlib import Path
from time import monotonic

import pytest

from tests.engines import ThrowawayEngines
from tests.faults.crowd import Crowd
from tests.faults.ministry import dossier, enter, ministry_in
from tests.faults.processes import Outage, Served, rounds
from tests.faults.streams import check_same, listening, messages_upto

pytestmark = pytest.mark.faults

MISSIONS = [f"emb-{number}" for number in range(60)]
BACK_WITHIN = 10.0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=["stopped", "killed"])
async def test_no_answer_is_lost(engines: ThrowawayEngines, tmp_path: Path, number: signal.Signals) -> None:
    async with ministry_in(engines, tmp_path) as ministry:
        served = await ministry.serve("registry")
        async with ministry.client(served) as client:
            await enter(client, dossier(1, MISSIONS), "dossier")
        crowd = Crowd(ministry, MISSIONS)
        back = 0.0
        for _ in range(rounds(1, every=10)):
            outage = Outage(lambda: engines.restart_database(number))
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
