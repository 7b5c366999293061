"""What is set aside: notifications that a defect of ours kept from being sent, or from being recorded."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from services.notifier.notification.schedule import DELAYS
from services.notifier.sending.agenda import Waiting
from shared.domain.clock import Time
from shared.messaging.ending import end


class Aside:
    """Hands each back after the delays of failed attempts, the longest of them again and again.

    It is kept in memory. A process that starts anew finds in the log what was not recorded as done.

    Args:
        time: tells and awaits moments.
        hand_back: takes a notification when it is to be tried again.
    """

    def __init__(self, time: Time, hand_back: Callable[[Waiting], None]) -> None:
        self._time = time
        self._hand_back = hand_back
        self._times: Counter[str] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()

    def put(self, waiting: Waiting) -> None:
        """Set a notification aside once more; return at once."""
        delay = DELAYS[min(self._times[waiting.notification], len(DELAYS) - 1)]
        self._times[waiting.notification] += 1
        again = replace(waiting, moment=self._time() + delay)
        task = asyncio.create_task(self._wait(again))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def forget(self, waiting: Waiting) -> None:
        """Note that a notification has been dealt with."""
        self._times.pop(waiting.notification, None)

    async def close(self) -> None:
        """Forget everything."""
        await end(*self._tasks)
        self._times.clear()

    async def _wait(self, waiting: Waiting) -> None:
        await self._time.reached(waiting.moment)
        self._hand_back(waiting)
