"""Given lanes, when one of them is slow, then the others are not held back."""

import asyncio
from collections import Counter

from services.notifier.sending.agenda import Waiting
from services.notifier.sending.lanes import Lanes
from tests.unit.notifier.given import EVENT, NOON


def waiting(id: str) -> Waiting:
    """A notification whose lane is the first part of its id."""
    return Waiting(id, NOON, id.split("-")[0], EVENT, EVENT)


class Worker:
    """Does work when it is let; counts what is under way."""

    def __init__(self, *held: str) -> None:
        self.held = {lane: asyncio.Event() for lane in held}
        self.done: list[str] = []
        self.under_way: Counter[str] = Counter()
        self.most: Counter[str] = Counter()

    async def __call__(self, due: Waiting) -> None:
        lane = due.notification.split("-")[0]
        self.under_way[lane] += 1
        self.most[lane] = max(self.most[lane], self.under_way[lane])
        if lane in self.held:
            await self.held[lane].wait()
        await asyncio.sleep(0)
        self.under_way[lane] -= 1
        self.done.append(due.notification)


async def rested(lanes: Lanes) -> None:
    async with asyncio.timeout(5):
        while not lanes.empty:
            await asyncio.sleep(0)


async def test_a_slow_lane_holds_back_no_other() -> None:
    worker = Worker("slow")
    lanes = Lanes(worker, 2)
    for number in range(5):
        lanes.add(waiting(f"slow-{number}"))
        lanes.add(waiting(f"fast-{number}"))
    async with asyncio.timeout(5):
        while len(worker.done) < 5:
            await asyncio.sleep(0)
    assert worker.done == [f"fast-{number}" for number in range(5)]
    assert not lanes.empty
    worker.held["slow"].set()
    await rested(lanes)
    assert sorted(worker.done[5:]) == [f"slow-{number}" for number in range(5)]
    assert worker.most == {"slow": 2, "fast": 2}


async def test_what_is_in_hand_is_done_again_afterwards_and_never_twice_at_once() -> None:
    worker = Worker("a")
    lanes = Lanes(worker, 2)
    for _ in range(3):
        lanes.add(waiting("a-1"))
        await asyncio.sleep(0)
    worker.held["a"].set()
    await rested(lanes)
    assert (worker.done, worker.most["a"]) == (["a-1", "a-1"], 1)


async def test_closing_breaks_off_what_is_under_way() -> None:
    worker = Worker("a")
    lanes = Lanes(worker, 2)
    for number in range(4):
        lanes.add(waiting(f"a-{number}"))
    await asyncio.sleep(0)
    await lanes.close()
    assert (lanes.empty, worker.done) == (True, [])


async def test_a_defect_in_one_keeps_nothing_of_its_lane_back() -> None:
    worker = Worker()

    async def work(due: Waiting) -> None:
        if due.notification == "a-0":
            raise RuntimeError("a defect")
        await worker(due)

    lanes = Lanes(work, 1)
    for number in range(4):
        lanes.add(waiting(f"a-{number}"))
    await rested(lanes)
    assert worker.done == ["a-1", "a-2", "a-3"]
