import asyncio
from collections.abc import Sequence

import pytest

from shared.eventstore.ahead import KEPT, ReadAhead

HEAD = 100
LIMIT = 10


class Log:
    """Rows that are their positions; says what was fetched, and fails or waits where it is told to."""

    def __init__(self) -> None:
        self.fetched: list[int] = []
        self.failing: set[int] = set()
        self.cancelled: list[int] = []
        self.open = asyncio.Event()
        self.open.set()

    async def fetch(self, after: int, limit: int) -> Sequence[int]:
        self.fetched.append(after)
        try:
            await self.open.wait()
        except asyncio.CancelledError:
            self.cancelled.append(after)
            raise
        if after in self.failing:
            self.failing.discard(after)
            raise ConnectionError(after)
        return range(after + 1, min(after + limit, HEAD) + 1)


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def ahead(log: Log) -> ReadAhead:
    return ReadAhead(log.fetch)


async def read(ahead: ReadAhead, after: int) -> list[int]:
    return list(await ahead.read(after, LIMIT, HEAD))


async def test_a_reader_gets_everything_once_and_each_page_is_fetched_once(
    log: Log, ahead: ReadAhead
) -> None:
    seen: list[int] = []
    while page := await read(ahead, len(seen)):
        seen += page
    assert seen == list(range(1, HEAD + 1))
    assert log.fetched == list(range(0, HEAD + 1, LIMIT))


async def test_the_next_page_is_asked_for_before_it_is_wanted(log: Log, ahead: ReadAhead) -> None:
    await read(ahead, 0)
    assert log.fetched == [0], "nobody has gone on yet"
    await read(ahead, 10)
    assert log.fetched == [0, 10, 20]


async def test_a_page_that_may_still_grow_is_not_read_ahead(log: Log, ahead: ReadAhead) -> None:
    await read(ahead, 80)
    await ahead.read(90, LIMIT, HEAD + LIMIT - 1)
    assert log.fetched == [80, 90]


async def test_what_failed_ahead_is_fetched_again_and_what_fails_now_is_told(
    log: Log, ahead: ReadAhead
) -> None:
    log.failing |= {20}
    for after in (0, 10, 20):
        assert (await read(ahead, after))[0] == after + 1
    assert log.fetched.count(20) == 2
    log.failing |= {70}
    with pytest.raises(ConnectionError):
        await read(ahead, 70)


async def test_readers_in_turns_do_not_take_each_others_pages_and_only_so_many_pages_wait(
    log: Log, ahead: ReadAhead
) -> None:
    for after in (0, 50, 10, 60, 20, 70):
        assert (await read(ahead, after))[0] == after + 1
    assert len(set(log.fetched)) == len(log.fetched)
    for first in range(0, 80, 2):
        await read(ahead, first)
        await read(ahead, first + LIMIT)
    assert len(ahead._ahead) <= KEPT


async def test_closing_lets_go_of_what_nobody_asked_for(log: Log, ahead: ReadAhead) -> None:
    await read(ahead, 0)
    log.open.clear()
    reader = asyncio.ensure_future(read(ahead, 10))
    for _ in range(3):
        await asyncio.sleep(0)
    reader.cancel()
    await asyncio.gather(reader, return_exceptions=True)
    assert log.cancelled == [10]
    await ahead.close()
    assert log.cancelled == [10, 20]
