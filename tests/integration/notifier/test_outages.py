"""Given a notifier that is sending, when NATS is away or another process takes over, then all is sent."""

import asyncio
from datetime import timedelta

from services.notifier.sending import Dispatcher, Sender
from tests.engines import ThrowawayNats
from tests.integration.notifier.conftest import Running
from tests.integration.notifier.receiver import Receiver


async def test_a_replica_takes_over_what_waits(running: Running, receiver: Receiver) -> None:
    receiver.answers = [500, 500]
    await running.subscribe("mine", receiver)
    await running.happen("legal", "finance")
    failed = await running.waits_for(2, state="failed")
    async with running.service("notifier", running.time, webhook_private=True):
        await running.first_notifier.aclose()
        running.time.move(timedelta(seconds=5))
        await receiver.arrivals(4)
        rows = await running.waits_for(2, state="delivered")
        await running.happen("archives")
        await receiver.arrivals(5)
    assert {row["attempts"] for row in rows} == {2}
    assert {delivery.id for delivery in receiver.came[:4]} == {row["notification"] for row in failed}


async def test_nats_away_is_no_failed_attempt(
    running: Running, receiver: Receiver, fresh_nats: ThrowawayNats
) -> None:
    receiver.answers = [500]
    await running.subscribe("mine", receiver)
    await running.happen("legal")
    await running.waits_for(1, state="failed")
    await asyncio.to_thread(fresh_nats.stop)
    running.time.move(timedelta(seconds=5))
    await asyncio.to_thread(fresh_nats.start)
    await receiver.arrivals(2)
    (row,) = await running.waits_for(1, state="delivered")
    assert row["attempts"] == 2


async def test_nothing_rests_while_a_webhook_waits_for_its_answer(
    running: Running, receiver: Receiver
) -> None:
    receiver.held = asyncio.Event()
    await running.subscribe("mine", receiver)
    sender, dispatcher = running.part(Sender), running.part(Dispatcher)
    assert sender.at_rest()
    await running.happen("legal")
    await receiver.arrivals(1)
    assert not sender.at_rest()
    receiver.held.set()
    await running.waits_for(1, state="delivered")
    async with asyncio.timeout(30):
        while not (sender.at_rest() and dispatcher.at_rest()):
            await asyncio.sleep(0.01)
