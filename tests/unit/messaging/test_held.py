"""How many messages are asked for at once: few at first, more as they prove small."""

import base64
from typing import Any, cast

import nats
import orjson
import pytest
from nats.aio.client import Client

from shared.messaging.held import BYTES, MOST, HeldMessages


class Server:
    """Answers for a stream whose messages have sizes."""

    is_connected = True

    def __init__(self, sizes: dict[int, int]) -> None:
        self._sizes = sizes

    def new_inbox(self) -> str:
        return "_INBOX.x"

    async def subscribe(self, subject: str, cb: Any) -> "Server":
        self._answered = cb
        return self

    async def unsubscribe(self) -> None:
        """Nothing is kept."""

    async def _send_command(self, asked: bytes) -> None:
        for question in asked.split(b"PUB ")[1:]:
            inbox = question.split(b" ")[1].decode()
            sequence = int(inbox.rpartition(".")[2])
            data = base64.b64encode(b"x" * self._sizes.get(sequence, 20)).decode()
            message = {"seq": sequence, "subject": "evt.letters", "data": data}
            await self._answered(
                nats.aio.msg.Msg(cast(Client, self), inbox, "", orjson.dumps({"message": message}))
            )

    async def _flush_pending(self) -> None:
        """It is answered at once."""


async def asked(last: int, sizes: dict[int, int]) -> list[int]:
    """How many messages each page asks for."""
    async with HeldMessages(cast(Client, Server(sizes)), "letters") as messages:
        return [len(page) async for page in messages.pages(1, last)]


async def test_pages_begin_small_and_double_up_to_the_most() -> None:
    assert await asked(1000, {}) == [16, 32, 64, 128, MOST, MOST, MOST, 10]


async def test_large_messages_come_few_at_a_time_and_small_ones_behind_them_more_again() -> None:
    large = {n: BYTES // 4 for n in range(1, 41)}
    assert await asked(60, large) == [16, 4, 4, 4, 4, 4, 4, 4, 8, 8]


@pytest.mark.parametrize("size", [BYTES, 2 * BYTES])
async def test_the_largest_messages_come_alone(size: int) -> None:
    assert await asked(20, {n: size for n in range(1, 21)}) == [16, 1, 1, 1, 1]
