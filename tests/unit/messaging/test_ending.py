import asyncio
from collections.abc import AsyncIterator

import pytest

from shared.messaging import ending
from shared.messaging.ending import end


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "AGAIN", 0.01)


class Reluctant:
    """Work that goes on through cancellations until it is let go."""

    def __init__(self) -> None:
        self.cancelled = 0
        self.may_end = asyncio.Event()

    async def run(self) -> None:
        while not self.may_end.is_set():
            try:
                await self.may_end.wait()
            except asyncio.CancelledError:
                self.cancelled += 1


@pytest.fixture
async def work() -> AsyncIterator[Reluctant]:
    work = Reluctant()
    yield work
    work.may_end.set()


async def begun(work: Reluctant) -> "asyncio.Task[None]":
    task = asyncio.create_task(work.run())
    await asyncio.sleep(0)
    return task


async def test_a_task_that_swallows_a_cancellation_is_cancelled_again(work: Reluctant) -> None:
    task = await begun(work)
    ending_it = asyncio.create_task(end(task))
    async with asyncio.timeout(10):
        while work.cancelled < 3:
            await asyncio.sleep(0)
        work.may_end.set()
        await ending_it
    assert task.done()


async def test_whoever_is_cancelled_while_it_ends_something_ends_after_it(work: Reluctant) -> None:
    task = await begun(work)

    async def reign() -> None:
        try:
            await asyncio.wait({task})
        finally:
            await end(task)

    reigning = asyncio.create_task(reign())
    await asyncio.sleep(0)
    outer = asyncio.create_task(end(reigning))
    async with asyncio.timeout(10):
        while work.cancelled < 5:
            await asyncio.sleep(0)
        assert not reigning.done()
        work.may_end.set()
        await outer
    assert task.done() and reigning.cancelled()


async def test_what_a_task_raises_as_it_ends_is_dropped() -> None:
    async def fails() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            raise ValueError("as it ends")

    task = asyncio.create_task(fails())
    await asyncio.sleep(0)
    await end(task)
    assert task.done()
