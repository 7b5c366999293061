import asyncio
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from shared.messaging.publisher import Batch, NotAccepted, Publisher
from shared.messaging.under_way import MOST, UnderWay

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


def batch(number: int) -> Batch:
    return Batch(b"", str(number), number, number, BEGAN + timedelta(seconds=number))


class Server:
    """Stands for a publisher: takes batches, and acknowledges or refuses them when it is told to."""

    def __init__(self) -> None:
        self.sent: list[int] = []
        self.answers: dict[str, asyncio.Future[None]] = {
            str(number): asyncio.get_running_loop().create_future() for number in range(1, 9)
        }

    async def send(self, batch: Batch) -> None:
        self.sent.append(batch.position)

    async def accepted(self, batch: Batch) -> None:
        await self.answers[batch.token]


async def sent(under_way: UnderWay, *numbers: int) -> None:
    async with asyncio.timeout(10):
        for number in numbers:
            await under_way.send(batch(number))


@pytest.fixture
async def server() -> Server:
    return Server()


@pytest.fixture
def under_way(server: Server) -> UnderWay:
    return UnderWay(cast("Publisher", server))


async def test_the_next_batch_is_sent_while_the_one_before_waits_for_its_acknowledgement(
    server: Server, under_way: UnderWay
) -> None:
    await sent(under_way, 1, 2)

    assert server.sent == [1, 2]
    assert under_way.oldest == batch(1).oldest


async def test_batches_are_told_in_their_order_whichever_is_acknowledged_first(
    server: Server, under_way: UnderWay
) -> None:
    first = asyncio.create_task(under_way.stored())
    await asyncio.sleep(0)  # it waits for something to be sent
    await sent(under_way, 1, 2)
    server.answers["2"].set_result(None)
    await asyncio.sleep(0)
    assert not first.done()

    server.answers["1"].set_result(None)
    async with asyncio.timeout(10):
        assert [(await first).position, (await under_way.stored()).position] == [1, 2]
    assert under_way.oldest is None


async def test_no_more_than_fit_are_under_way(server: Server, under_way: UnderWay) -> None:
    sending = [asyncio.create_task(under_way.send(batch(number))) for number in range(1, MOST + 2)]
    await asyncio.wait(sending[:MOST])
    await asyncio.sleep(0)
    assert server.sent == list(range(1, MOST + 1))

    server.answers["1"].set_result(None)
    await under_way.stored()
    await asyncio.wait_for(sending[-1], 10)
    assert server.sent[-1] == MOST + 1


async def test_what_was_sent_behind_a_refused_batch_is_not_told_as_stored(
    server: Server, under_way: UnderWay
) -> None:
    await sent(under_way, 1, 2)
    server.answers["2"].set_result(None)
    server.answers["1"].set_exception(NotAccepted("refused"))

    with pytest.raises(NotAccepted, match="refused"):
        await under_way.stored()
    assert under_way.oldest == batch(1).oldest
