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
    loop = asyncio.get_running_loop()
    left = {task for task in tasks if task.cancel()}
    again = loop.time() + AGAIN
    interrupted: asyncio.CancelledError | None = None
    while left:
        try:
            await asyncio.wait(left, timeout=again - loop.time())
        except asyncio.CancelledError as error:
            interrupted = error
        for task in [task for task in left if task.done()]:
            left.remove(task)
            if not task.cancelled():
                task.exception()
        if loop.time() >= again:
            again = loop.time() + AGAIN
            for task in left:
                task.cancel()
    if interrupted is not None:
        try:
            raise interrupted
        finally:
            del interrupted  # it would hold this frame, and the frame it
