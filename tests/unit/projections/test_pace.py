"""The rests of whoever works beside others."""

import pytest

from shared.projections import pace
from shared.projections.pace import LARGEST_SLICE, LEAST_SHARE, LEAST_SLICE, Pace


class Loop:
    """An event loop that others keep busy for `others` seconds at each turn, and its clock."""

    def __init__(self, others: float) -> None:
        self.now = 0.0
        self.others = others
        self.rested: list[float] = []

    def perf_counter(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        if seconds == 0:
            self.now += self.others
        else:
            self.rested.append(seconds)
            self.now += seconds


@pytest.fixture
def loop(monkeypatch: pytest.MonkeyPatch) -> Loop:
    loop = Loop(others=0.005)
    monkeypatch.setattr(pace, "perf_counter", loop.perf_counter)
    monkeypatch.setattr(pace.asyncio, "sleep", loop.sleep)
    return loop


async def test_it_goes_at_full_speed_while_nobody_else_works(loop: Loop) -> None:
    loop.others = 0.0
    working = Pace()
    loop.now += 0.1
    await working.breathe()
    assert loop.rested == []


async def test_it_rests_most_of_the_time_while_others_work(loop: Loop) -> None:
    working = Pace()
    loop.now += 0.01
    await working.breathe()
    assert loop.rested == [pytest.approx(0.01 * (1 / LEAST_SHARE - 1))]


async def test_it_rests_less_where_it_would_not_catch_up_and_more_again_once_it_does(loop: Loop) -> None:
    working = Pace()
    for _ in range(20):
        working.suit(done=1000, grown=900)
    assert working.slice == LARGEST_SLICE
    loop.now += 0.01
    await working.breathe()
    assert loop.rested == []
    for _ in range(20):
        working.suit(done=1000, grown=10)
    assert working.slice == LEAST_SLICE
    loop.now += 0.01
    await working.breathe()
    assert loop.rested == [pytest.approx(0.03)]
