"""Given places that are shared, when somebody takes all they get, then others still find one."""

import asyncio
from collections import Counter
from itertools import count

from services.notifier.sending.fair import FairPlaces
from services.notifier.sending.places import AT_ONCE, Places


class Crowd:
    """Those who take places, and what they hold."""

    def __init__(self, number: int, part: float) -> None:
        self.places = FairPlaces(number, part)
        self.held: Counter[str] = Counter()
        self.tasks: list[asyncio.Task[None]] = []

    async def take(self, who: str, times: int = 1) -> None:
        """Have somebody take so many, or wait for them."""
        for _ in range(times):
            self.tasks.append(asyncio.create_task(self._take(who)))
        await settled()

    async def _take(self, who: str) -> None:
        await self.places.take(who)
        self.held[who] += 1

    async def give_back(self, who: str, times: int = 1) -> None:
        for _ in range(times):
            self.held[who] -= 1
            self.places.give_back(who)
        await settled()

    async def leave(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


async def settled() -> None:
    """Let everything run that can."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_one_takes_no_more_than_a_part_of_what_is_free() -> None:
    crowd = Crowd(200, 1 / 4)
    await crowd.take("greedy", 500)
    assert crowd.held["greedy"] == 40
    for number in range(20):
        await crowd.take(f"other-{number}")
        assert crowd.held[f"other-{number}"] == 1
    await crowd.leave()


async def test_many_who_are_greedy_leave_places_to_the_next() -> None:
    crowd = Crowd(200, 1 / 4)
    for number in range(15):
        await crowd.take(f"greedy-{number}", 100)
    await crowd.take("next")
    assert crowd.held["next"] == 1
    greedy = count(15)
    while crowd.held.total() < 200:
        await crowd.take(f"greedy-{next(greedy)}", 100)
    await crowd.take("last")
    assert crowd.held["last"] == 0
    await crowd.give_back("greedy-0")
    assert crowd.held["last"] == 1, "before those who hold some already"
    await crowd.leave()


async def test_who_holds_the_fewest_is_let_in_first_and_each_in_order() -> None:
    crowd = Crowd(2, 10)
    await crowd.take("a", 2)
    await crowd.take("a")
    await crowd.take("b")
    await crowd.give_back("a")
    assert crowd.held == Counter(a=1, b=1)
    await crowd.give_back("b")
    assert crowd.held["a"] == 2
    await crowd.leave()


async def test_who_goes_away_while_waiting_takes_nothing_along() -> None:
    crowd = Crowd(1, 1)
    await crowd.take("a")
    await crowd.take("b", 2)
    crowd.tasks[1].cancel()
    await crowd.give_back("a")
    assert crowd.held["b"] == 1
    crowd.places.give_back("b")
    await crowd.take("c")
    await crowd.take("b")
    crowd.places.give_back("c")
    crowd.tasks[-1].cancel()
    await settled()
    assert crowd.places.unused, "what was granted to one who had gone is free again"


async def test_hung_receivers_of_one_owner_leave_places_to_the_others() -> None:
    places, held = Places(), Counter[str]()

    async def hang(url: str, owner: str) -> None:
        async with places.place(url, owner):
            held[owner] += 1
            await asyncio.Event().wait()

    hung = [
        asyncio.create_task(hang(f"https://r{number}.example:8443/{part}", "greedy"))
        for number in range(AT_ONCE)
        for part in range(4)
    ]
    await settled()
    assert held["greedy"] == 40
    async with asyncio.timeout(5), places.place("https://r0.example:8443/own", "auditor"):
        assert held["greedy"] == 40
    for task in hung:
        task.cancel()
    await asyncio.gather(*hung, return_exceptions=True)
    assert not places._receivers, "nothing is kept of receivers that nobody uses"
