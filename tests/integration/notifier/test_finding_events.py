"""Given an event's place, when it is read again from its stream, then it is found, or known to be missing."""

from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import UUID

import pytest
from nats.aio.client import Client

from shared.messaging.connection import broker_for
from shared.messaging.finding import EventMissing, Found, find_event
from shared.messaging.jetstream import JetStreamRefused
from shared.messaging.tail import message_at
from tests.integration.notifier.conftest import Running

REGISTERED = "registry.department.registered"


@pytest.fixture
async def nc(running: Running) -> AsyncIterator[Client]:
    broker = broker_for([running.nats_url], "test")
    yield await broker.connect()
    await broker.stop()


async def test_an_event_is_found_wherever_its_stream_has_it(running: Running, nc: Client) -> None:
    await running.subscribe("mine", types=["registry.*"])
    await running.happen("legal", "finance", "archives")
    await running.waits_for(3, state="delivered")
    second = await message_at(nc, "registry", 2)
    place = Found(REGISTERED, "department.finance", 2, second.event_id)
    assert (await find_event(nc, place)).data == second.data
    for elsewhere in (1, 3, 4_000):
        assert (await find_event(nc, replace(place, position=elsewhere))).position == 2
    for lost in (replace(place, event_id=UUID(int=1)), replace(place, stream="department.none", position=9)):
        with pytest.raises(EventMissing):
            await find_event(nc, lost)
    with pytest.raises(JetStreamRefused):
        await find_event(nc, replace(place, type="nobody.department.registered"))
