"""Given a dispatcher that fails, when it is no outage, then it says so, goes on, and says no more of it."""

import asyncio
from typing import Any

from services.notifier.sending.dispatcher import Dispatcher
from shared.service.gate import Gate
from tests.unit.notifier.given import NOON


class Log:
    """A log without events, whose view cannot be read until it is mended."""

    head = 0
    service = "notifier"

    def __init__(self) -> None:
        self.mended = False
        self.followed = asyncio.Event()

    async def beyond(self, _: int) -> int:
        return 0

    async def due(self, *_: Any) -> list[Any]:
        if not self.mended:
            raise ValueError("a row that nobody can read")
        return []

    async def read(self, *_: Any) -> list[Any]:
        self.followed.set()
        return []

    async def advanced(self, _: int) -> int:
        return await asyncio.get_running_loop().create_future()


async def test_a_failure_is_an_alarm_until_it_is_mended() -> None:
    log: Any = Log()
    dispatcher = Dispatcher(
        log,
        log,
        lambda: NOON,
        lambda _: None,
        "",
        Gate(),
    )

    running = asyncio.create_task(dispatcher._dispatch_for_ever())
    async with asyncio.timeout(5):
        while await dispatcher.check() is None:
            await asyncio.sleep(0)
        log.mended = True
        await log.followed.wait()
    assert (await dispatcher.check(), running.done()) == (None, False)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
