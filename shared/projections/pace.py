"""Working beside others on one event loop without holding them up."""

import asyncio
from time import perf_counter

SHARE = 0.25
"""Part of the time that is worked while others are busy."""

BUSY = 0.0003
"""Seconds that a turn of the event loop takes at most while nobody else works."""

LONGEST_REST = 0.25
"""Seconds; also after a long wait for PostgreSQL."""


class Pace:
    """Goes at full speed while the event loop is idle, and rests most of the time while it is not."""

    def __init__(self) -> None:
        self._since = perf_counter()

    async def breathe(self) -> None:
        """Let others go first; rest where there are any."""
        begun = perf_counter()
        await asyncio.sleep(0)
        if perf_counter() - begun > BUSY:
            worked = begun - self._since
            await asyncio.sleep(min(worked * (1 / SHARE - 1), LONGEST_REST))
        self._since = perf_counter()
