import asyncio

import pytest

from shared.service.acting import Acts


class Work:
    """Acts that go on until they are let go of, each by its own subject."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.cancelled: list[int] = []
        self.failing: dict[int, Exception] = {}
        self.free = asyncio.Event()

    async def act(self, subject: int) -> None:
        self.begun.append(subject)
        if subject in self.failing:
            raise self.failing[subject]
        try:
            await self.free.wait()
        except asyncio.CancelledError:
            self.cancelled.append(subject)
            raise


async def begin_all(acts: Acts, work: Work, number: int) -> None:
    for subject in range(number):
        await acts.begin(work.act, subject)


async def settled() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_only_so_many_go_on_at_once_and_they_begin_in_order() -> None:
    acts, work = Acts(3), Work()
    beginning = asyncio.create_task(begin_all(acts, work, 7))
    await settled()
    assert work.begun == [0, 1, 2]
    work.free.set()
    await beginning
    await acts.ended()
    assert work.begun == list(range(7))


async def test_a_failure_is_raised_when_all_have_ended_and_an_outage_before_any_other() -> None:
    acts, work = Acts(10), Work()
    work.failing = {0: ZeroDivisionError("first"), 1: ConnectionError("away"), 2: ValueError("later")}
    work.free.set()
    await begin_all(acts, work, 5)
    with pytest.raises(ConnectionError):
        await acts.ended()
    assert work.begun == list(range(5))
    acts = Acts(10)
    del work.failing[1]
    await begin_all(acts, work, 5)
    with pytest.raises(ZeroDivisionError):
        await acts.ended()


async def test_what_is_given_up_is_cancelled_and_raises_nothing() -> None:
    acts, work = Acts(10), Work()
    await begin_all(acts, work, 2)
    await settled()
    await acts.give_up()
    assert sorted(work.cancelled) == [0, 1]
    await acts.ended()
