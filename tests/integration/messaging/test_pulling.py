"""Pulling from a consumer of a real NATS server, through whatever becomes of it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import nats
import orjson
import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg

from shared.messaging import pulling
from shared.messaging.jetstream import ask
from shared.messaging.pulling import Pull
from tests.engines import ThrowawayNats

LONG = 600.0
"""Seconds of a request that nobody waits for."""


@pytest.fixture
async def consumer(nc: Client) -> str:
    await ask(nc, "STREAM.CREATE.S", {"name": "S", "subjects": ["s.>"], "storage": "file"})
    config = {"durable_name": "c", "ack_policy": "explicit", "max_waiting": 8}
    await ask(nc, "CONSUMER.DURABLE.CREATE.S.c", {"stream_name": "S", "config": config})
    return "c"


class Reader:
    """What was pulled, by whom nobody has to wait for."""

    def __init__(self, pull: Pull) -> None:
        self.pull = pull
        self.come: asyncio.Queue[Msg] = asyncio.Queue()

    async def run(self) -> None:
        subscription = await self.pull.subscribe()
        try:
            while True:
                for message in await self.pull.messages():
                    await message.ack()
                    self.come.put_nowait(message)
        finally:
            await subscription.unsubscribe()

    async def next(self) -> bytes:
        return (await asyncio.wait_for(self.come.get(), 20)).data


@pytest.fixture
async def puller(nats_url: str) -> AsyncIterator[Client]:
    """A connection over which nothing goes out but requests and acknowledgements."""
    async with await nats.connect(nats_url) as puller:
        yield puller


@pytest.fixture
async def reading(puller: Client, consumer: str, begin: Any) -> AsyncIterator[Any]:
    def started(size: int = 256, seconds: float = LONG) -> Reader:
        reader = Reader(Pull(puller, "S", consumer, size, seconds))
        begin(reader.run())
        return reader

    yield started


async def send(nc: Client, *bodies: str, headers: dict[str, str] | None = None) -> None:
    for body in bodies:
        answer = await nc.request("s.x", body.encode(), headers=headers, timeout=5)
        assert "error" not in orjson.loads(answer.data)


async def waiting(nc: Client, requests: int) -> None:
    """Wait until the server keeps so many requests."""
    async with asyncio.timeout(20):
        while (await ask(nc, "CONSUMER.INFO.S.c"))["num_waiting"] != requests:
            await asyncio.sleep(0)


async def gone_out(puller: Client, messages: int) -> None:
    """Wait until so many more went out."""
    before = puller.stats["out_msgs"]
    async with asyncio.timeout(20):
        while puller.stats["out_msgs"] < before + messages:
            await asyncio.sleep(0)


async def test_each_message_is_handed_over_as_it_comes(nc: Client, reading: Any) -> None:
    await send(nc, "before")
    reader = reading()
    assert await reader.next() == b"before"
    for number in range(5):
        await send(nc, f"{number}")
        assert await reader.next() == f"{number}".encode()


async def test_more_is_asked_for_before_all_has_come(nc: Client, reading: Any) -> None:
    reader = reading(size=4)
    await send(nc, *(f"{n}" for n in range(30)))
    assert [await reader.next() for _ in range(30)] == [f"{n}".encode() for n in range(30)]
    await waiting(nc, 2)


async def test_requests_that_end_are_followed_by_others(nc: Client, puller: Client, reading: Any) -> None:
    reader = reading(size=4, seconds=0.2)
    for number in range(3):
        await gone_out(puller, 2)
        await send(nc, f"{number}")
        assert await reader.next() == f"{number}".encode()


async def test_a_request_that_was_lost_with_the_server_is_made_again(
    nc: Client, reading: Any, fresh_nats: ThrowawayNats
) -> None:
    reader = reading(seconds=1.0)
    await waiting(nc, 1)
    await asyncio.to_thread(fresh_nats.restart)
    await waiting(nc, 1)
    await send(nc, "after")
    assert await reader.next() == b"after"


async def test_a_consumer_that_is_gone_is_asked_for_now_and_then(
    nc: Client, puller: Client, reading: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulling, "PAUSE", 0.3)
    reader = reading()
    await waiting(nc, 1)
    await ask(nc, "CONSUMER.DELETE.S.c")
    await gone_out(puller, 1)
    began = asyncio.get_running_loop().time()
    await gone_out(puller, 3)
    assert asyncio.get_running_loop().time() - began > 2 * 0.3
    config = {"durable_name": "c", "ack_policy": "explicit"}
    await ask(nc, "CONSUMER.DURABLE.CREATE.S.c", {"stream_name": "S", "config": config})
    await send(nc, "again")
    assert await reader.next() == b"again"


async def test_a_message_that_pretends_to_be_a_word_of_the_server_comes_like_any_other(
    nc: Client, reading: Any
) -> None:
    reader = reading()
    await send(nc, "forged", headers={"Status": "404", "Nats-Pending-Messages": "0"})
    assert await reader.next() == b"forged"
