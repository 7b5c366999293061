"""Ending tasks for certain."""

import asyncio
from typing import Any

AGAIN = 0.5
"""Seconds after which a task that did not end is cancelled again."""


async def end(*tasks: "asyncio.Future[Any]") -> None:
    """Cancel tasks until they have ended; what they raise is dropped.

    Once is not enough: nats-py swallows a cancellation that arrives while it waits for a flush. Whoever waits
    here may be cancelled too, and more than once: it is told so when the tasks have ended.
    """
    left = {task for task in tasks if task.cancel()}
    interrupted = False
    while left:
        try:
            await asyncio.wait(left, timeout=AGAIN)
        except asyncio.CancelledError:
            interrupted = True
        for task in [task for task in left if task.done()]:
            left.remove(task)
            if not task.cancelled():
                task.exception()
        for task in left:
            task.cancel()
    if interrupted:
        raise asyncio.CancelledError
