"""A receiver of webhooks that never answers holds nobody up: the notifier leaves, and sends again later."""

import asyncio
import signal
from pathlib import Path
from time import monotonic

import pytest

from tests.engines import ThrowawayEngines
from tests.faults.entering import dossier, enter
from tests.faults.ministry import ministry_in
from tests.faults.processes import ROUNDS
from tests.integration.notifier.receiver import receiving

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(not ROUNDS, reason="longer than CI allows; `make faults` runs it"),
]

WITHIN = 10.0


async def test_what_was_being_sent_is_sent_again_under_the_same_id(
    engines: ThrowawayEngines, tmp_path: Path
) -> None:
    async with ministry_in(engines, tmp_path) as ministry, receiving() as receiver:
        receiver.held = asyncio.Event()
        registry, notifier = await ministry.serve("registry"), await ministry.serve("notifier")
        async with ministry.client(notifier) as client:
            wanted = {"types": ["registry.decree.issued"]}
            opening = {"channel": "webhook", "interest": wanted, "url": receiver.url}
            response = await client.post("/subscriptions", json=opening, headers={"Idempotency-Key": "s"})
            assert response.is_success, response.text
        async with ministry.client(registry) as client:
            await enter(client, dossier(1, ["emb-1", "emb-2"]), "dossier")
        await receiver.arrivals(1)
        since = monotonic()
        notifier.signal(signal.SIGTERM)
        assert await notifier.left() == 0
        seconds = monotonic() - since
        print(f"\nended after {seconds:.2f} s")
        receiver.held.set()
        await notifier.start()
        first, again = (await receiver.arrivals(2))[:2]
    assert seconds < WITHIN
    assert first.id == again.id
