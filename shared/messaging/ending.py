"""Ending tasks for certain."""

import asyncio
from typing import Any

AGAIN = 0.5
"""Seconds after which a task that did not end is cancelled again."""


async def end(*tasks: "asyncio.Future[Any]") -> None:
    """Cancel tasks until they have ended; what they raise is dropped.

    Once is not enough: nats-py swallows a cancellation that arrives while it waits for a flush.
    """
    left = {task for task in tasks if task.cancel()}
    while left:
        done, left = await asyncio.wait(left, timeout=AGAIN)
        for task in done:
            if not task.cancelled():
                task.exception()
        for task in left:
            task.cancel()
