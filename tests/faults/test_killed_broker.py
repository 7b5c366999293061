"""Promises 1 and 2 when the process that is killed is NATS: it keeps its data and comes back under load."""

import signal
from pathlib import Path

import pytest

from tests.engines import ThrowawayEngines
from tests.faults.crowd import Crowd
from tests.faults.ministry import dossier, enter, ministry_in
from tests.faults.processes import Outage, rounds
from tests.faults.streams import check_same, last_sequence, listening, messages_upto

pytestmark = pytest.mark.faults

MISSIONS = [f"emb-{number}" for number in range(60)]


async def test_every_event_reaches_the_stream_once_in_order(
    engines: ThrowawayEngines, tmp_path: Path
) -> None:
    lacking = 0
    async with ministry_in(engines, tmp_path) as ministry:
        served = await ministry.serve("registry")
        async with ministry.client(served) as client:
            await enter(client, dossier(1, MISSIONS), "dossier")
        crowd = Crowd(ministry, MISSIONS)
        for _ in range(rounds(2, every=4)):
            outage = Outage(lambda: ministry.nats.restart(signal.SIGKILL))
            await crowd.press([served], 150, outage.begin, more=150)
            assert outage.over is not None
            await outage.over
            head = await ministry.fetchval("registry", "SELECT position FROM head")
            async with listening(ministry.nats.url) as nc:
                lacking += await last_sequence(nc, "registry") < head
                await messages_upto(nc, "registry", head)
        assert not crowd.untold and not crowd.unavailable, "commands do not wait for NATS"
        await ministry.kill_all()
        async with listening(ministry.nats.url) as nc:
            messages = await messages_upto(nc, "registry", head)
        records = await ministry.checked_log("registry")
    print(f"\nNATS came back {lacking} times to a stream that lacked committed events")
    assert lacking, "no kill of NATS left committed events unpublished: the test has shown nothing"
    assert sorted(r.id for r in records if r.type == "registry.staff.posted") == sorted(crowd.told)
    check_same(records, messages)
