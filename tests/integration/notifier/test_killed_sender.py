"""Promise 3: killed between sending and recording, a webhook is sent again with the same id."""

from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from shared.contracts.notifier import NotificationDelivered, NotificationQueued
from tests.engines import ThrowawayEngines
from tests.faults.ministry import Ministry, ministry_in
from tests.faults.processes import Served, rounds, until
from tests.integration.notifier.receiver import Receiver, receiving

pytestmark = pytest.mark.faults

EVENTS = 3


@pytest.fixture
async def ministry(engines: ThrowawayEngines, tmp_path: Path) -> AsyncIterator[Ministry]:
    async with ministry_in(engines, tmp_path) as ministry:
        yield ministry


async def ask(client: httpx.AsyncClient, path: str, key: str, body: object) -> httpx.Response:
    response = await client.post(path, json=body, headers={"Idempotency-Key": key})
    assert response.is_success, response.text
    return response


async def happen(ministry: Ministry, registry: Served, *departments: str) -> None:
    body = {"departments": [{"key": key, "name": {"en": key, "ar": key}} for key in departments]}
    async with ministry.client(registry) as client:
        await ask(client, "/imports/departments", departments[0], body)


async def test_a_webhook_that_comes_again_carries_the_same_id(ministry: Ministry) -> None:
    registry = await ministry.serve("registry")
    kills = rounds(in_ci=2, every=10)
    async with receiving() as receiver:
        notifier = await ministry.serve("notifier")
        async with ministry.client(notifier) as client:
            opening = {"subscription": "mine", "channel": "webhook", "url": receiver.url}
            await ask(client, "/subscriptions", "open", opening)
            secret = (await client.get("/subscriptions/mine/secret")).json()["secret"]
        for number in range(kills):
            await kill_while_sending(ministry, registry, notifier, receiver, number)
            await notifier.start()
        expected = EVENTS * kills

        async def all_delivered() -> bool:
            async with ministry.client(notifier) as client:
                counts = (await client.get("/counts/notifications")).json()
            return bool(counts["delivered"] == expected)

        await until(all_delivered, within=60)
        for delivery in receiver.came:
            delivery.verified(secret)
    await ministry.kill_all()
    log = await ministry.checked_log("notifier")
    queued = [record.id for record in log if isinstance(record.event, NotificationQueued)]
    delivered = Counter(record.id for record in log if isinstance(record.event, NotificationDelivered))
    assert delivered == Counter(queued), "each was recorded as delivered once"
    assert len(queued) == expected
    came = Counter(delivery.id for delivery in receiver.came)
    assert came.keys() == set(queued), "no other id was ever sent"
    again = came.total() - len(came)  # one that was sent again may be what the next kill strikes at
    assert again >= kills, "no webhook came again: the test has shown nothing"
    by_id = {delivery.id: delivery.body for delivery in receiver.came}
    assert all(by_id[delivery.id] == delivery.body for delivery in receiver.came)


async def kill_while_sending(
    ministry: Ministry, registry: Served, notifier: Served, receiver: Receiver, number: int
) -> None:
    """Kill the notifier as soon as a webhook has arrived, before it has its answer."""
    before = len(receiver.came)
    receiver.on_arrival = notifier.kill
    await happen(ministry, registry, *(f"d-{number}-{event}" for event in range(EVENTS)))
    await receiver.arrivals(before + 1)
    receiver.on_arrival = None
    await notifier.gone()
    await ministry.let_go("notifier")
