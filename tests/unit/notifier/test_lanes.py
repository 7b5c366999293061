"""Given lanes, when one of them is slow, then the others are not held back."""

import asyncio
from collections import Counter

from services.notifier.sending.lanes import Lanes
from shared.projections import Due
from tests.unit.notifier.given import NOON


class Worker:
    """Does work when it is let; counts what is under way."""

    def __init__(self, *held: str) -> None:
        self.held = {lane: asyncio.Event() for lane in held}
        self.done: list[str] = []
        self.under_way: Counter[str] = Counter()
        self.most: Counter[str] = Counter()

    async def __call__(self, due: Due) -> None:
        lane = due.key.split("-")[0]
        self.under_way[lane] += 1
        self.most[lane] = max(self.most[lane], self.under_way[lane])
        if lane in self.held:
            await self.held[lane].wait()
        await asyncio.sleep(0)
        self.under_way[lane] -= 1
        self.done.append(due.key)


async def rested(lanes: Lanes) -> None:
    async with asyncio.timeout(5):
        while not lanes.empty:
            await asyncio.sleep(0)


async def test_a_slow_lane_holds_back_no_other() -> None:
    worker = Worker("slow")
    lanes = Lanes(worker, 2)
    for number in range(5):
        lanes.add("slow", Due(NOON, f"slow-{number}", {}))
        lanes.add("fast", Due(NOON, f"fast-{number}", {}))
    async with asyncio.timeout(5):
        while len(worker.done) < 5:
            await asyncio.sleep(0)
    assert worker.done == [f"fast-{number}" for number in range(5)]
    assert not lanes.empty
    worker.held["slow"].set()
    await rested(lanes)
    assert sorted(worker.done[5:]) == [f"slow-{number}" for number in range(5)]
    assert worker.most == {"slow": 2, "fast": 2}


async def test_what_is_in_hand_is_not_done_twice() -> None:
    worker = Worker("a")
    lanes = Lanes(worker, 2)
    for _ in range(3):
        lanes.add("a", Due(NOON, "a-1", {}))
        await asyncio.sleep(0)
    worker.held["a"].set()
    await rested(lanes)
    assert worker.done == ["a-1"]
    lanes.add("a", Due(NOON, "a-1", {}))
    await rested(lanes)
    assert worker.done == ["a-1", "a-1"], "what is due again later is done again"


async def test_closing_breaks_off_what_is_under_way() -> None:
    worker = Worker("a")
    lanes = Lanes(worker, 2)
    for number in range(4):
        lanes.add("a", Due(NOON, f"a-{number}", {}))
    await asyncio.sleep(0)
    await lanes.close()
    assert (lanes.empty, worker.done) == (True, [])
