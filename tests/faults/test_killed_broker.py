"""Promises 1 and 2 when the process that is killed is NATS: it keeps its data and comes back under load."""

import os
import signal
from pathlib import Path

import pytest

from tests.engines import ThrowawayEngines
from tests.faults.crowd import CLIENTS, Crowd
from tests.faults.entering import dossier, enter
from tests.faults.ministry import Ministry, ministry_in
from tests.faults.processes import Outage, rounds
from tests.faults.streams import check_same, listening, messages_upto

pytestmark = pytest.mark.faults

MISSIONS = [f"emb-{number}" for number in range(60)]


async def test_every_event_reaches_the_stream_once_in_order(
    engines: ThrowawayEngines, tmp_path: Path
) -> None:
    lacking = []
    async with ministry_in(engines, tmp_path) as ministry:
        served = await ministry.serve("registry")
        async with ministry.client(served) as client:
            await enter(client, dossier(1, MISSIONS), "dossier")
        crowd = Crowd(ministry, MISSIONS)
        for _ in range(rounds(2, every=4)):
            before = len(crowd.told) + 150
            await crowd.press([served], 150, lambda: kill(ministry), more=150)
            # What was under way at the kill may have been stored before it; what was sent later was not.
            lacking.append(len(crowd.told) - before - CLIENTS)
            outage = Outage(ministry.nats.start)
            await crowd.press([served], 1, outage.begin, more=150)
            assert outage.over is not None
            await outage.over
            head = await ministry.fetchval("registry", "SELECT position FROM head")
            async with listening(ministry.nats.url) as nc:
                await messages_upto(nc, "registry", head)
        assert not crowd.untold and not crowd.unavailable, "commands do not wait for NATS"
        await ministry.kill_all()
        async with listening(ministry.nats.url) as nc:
            messages = await messages_upto(nc, "registry", head)
        records = await ministry.checked_log("registry")
    print(f"\nNATS came back to streams that lacked the events of {lacking} commands at least")
    assert min(lacking) > 0, "NATS came back to a stream that lacked nothing: the test has shown nothing"
    assert sorted(r.id for r in records if r.type == "registry.staff.posted") == sorted(crowd.told)
    check_same(records, messages)


def kill(ministry: Ministry) -> None:
    """Kill NATS with SIGKILL; it keeps its data and stays down."""
    os.kill(ministry.nats.server.pid, signal.SIGKILL)
    ministry.nats.stop()
