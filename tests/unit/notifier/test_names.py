"""Given name servers that do not answer, when names are looked up, then only those who asked wait."""

import asyncio
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import AsyncIterator

import pytest

from services.notifier.sending import names as module
from services.notifier.sending.names import Names


class NameServer:
    """Answers at once, but for the names that it is held for."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.answering = threading.Event()

    def __call__(self, host: str) -> list[str]:
        self.asked[host] += 1
        if host.startswith("slow"):
            self.answering.wait(30)
        return ["1.1.1.1"]


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[NameServer]:
    server = NameServer()
    monkeypatch.setattr(module, "resolve", server)
    yield server
    server.answering.set()


@pytest.fixture
async def names(server: NameServer) -> AsyncIterator[Names]:
    names = Names()
    yield names
    server.answering.set()
    names.close()


async def until_asked(server: NameServer, number: int) -> None:
    async with asyncio.timeout(60):
        while server.asked.total() < number:
            await asyncio.sleep(0.001)  # a thread sends no signal to the loop


async def ended(*tasks: asyncio.Task[list[str]]) -> list[object]:
    async with asyncio.timeout(60):
        return list(await asyncio.gather(*tasks, return_exceptions=True))


async def test_a_name_is_asked_for_once_at_a_time(names: Names, server: NameServer) -> None:
    asking = [asyncio.create_task(names.look_up("slow.example", f"o-{number % 3}")) for number in range(60)]
    await until_asked(server, 1)
    late = asyncio.create_task(names.look_up("slow.example", "late"))
    await asyncio.sleep(0)
    server.answering.set()
    assert await ended(*asking, late) == [["1.1.1.1"]] * 61
    assert server.asked == {"slow.example": 1}
    await names.look_up("slow.example", "later")
    assert server.asked == {"slow.example": 2}, "nothing is remembered"


async def test_slow_names_of_one_owner_keep_nobody_else_waiting(names: Names, server: NameServer) -> None:
    slow = [
        asyncio.create_task(names.look_up(f"slow-{number}.example", "greedy"))
        for number in range(8)
        for _ in range(4)
    ]
    await until_asked(server, 4)
    for number in range(40):
        async with asyncio.timeout(5):
            assert await names.look_up("fast.example", f"other-{number}") == ["1.1.1.1"]
    assert sum(host.startswith("slow") for host in server.asked) == 4, "a few for each owner"
    server.answering.set()
    assert await ended(*slow) == [["1.1.1.1"]] * 32


async def test_who_wants_the_name_that_a_greedy_one_waits_for_does_not_wait_with_them(
    names: Names, server: NameServer
) -> None:
    greedy = [asyncio.create_task(names.look_up(f"slow-{number}", "greedy")) for number in range(4)]
    greedy.append(asyncio.create_task(names.look_up("fast.example", "greedy")))
    await until_asked(server, 4)
    async with asyncio.timeout(5):
        assert await names.look_up("fast.example", "other") == ["1.1.1.1"]
    server.answering.set()
    await ended(*greedy)


async def test_waiting_for_a_thread_is_no_part_of_the_time(
    names: Names, server: NameServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOOK_UP_S", 0.05)
    slow = [asyncio.create_task(names.look_up(f"slow-{number}", "mine")) for number in range(4)]
    waiting = asyncio.create_task(names.look_up("fast.example", "mine"))
    outcomes = await ended(*slow)
    assert all(isinstance(outcome, TimeoutError) for outcome in outcomes)
    assert not waiting.done(), "threads of those who went away are still taken"
    with pytest.raises(TimeoutError):
        await names.look_up("slow-0", "other")
    assert server.asked["slow-0"] == 1, "a look-up that nobody waits for any more is joined"
    with pytest.raises(TimeoutError):
        await names.look_up("slow-other", "other")
    (joined,) = await ended(asyncio.create_task(names.look_up("slow-other", "mine")))
    assert isinstance(joined, TimeoutError), "who joins needs no thread of their own"
    monkeypatch.setattr(module, "LOOK_UP_S", 60)
    server.answering.set()
    assert await ended(waiting) == [["1.1.1.1"]]


HANGING = """
import asyncio, threading
from services.notifier.sending import names
async def main():
    names.LOOK_UP_S = 0.05
    looking = names.Names()
    names.resolve = lambda host: threading.Event().wait()
    try:
        await looking.look_up("slow.example", "mine")
    except TimeoutError:
        looking.close()
        print("timed out")
asyncio.run(main())
"""


def test_a_look_up_that_hangs_does_not_keep_the_process_from_ending() -> None:
    done = subprocess.run([sys.executable, "-c", HANGING], capture_output=True, timeout=60, check=True)
    assert done.stdout == b"timed out\n"
