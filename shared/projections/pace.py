"""Working beside others on one event loop without holding them up."""

import asyncio
from time import perf_counter

LEAST_SHARE = 0.25
"""Part of the time that is worked while others are busy, at least."""

STEP = 1.5
"""By how much the share grows where that is not enough."""

BUSY = 0.0003
"""Seconds that a turn of the event loop takes at most while nobody else works."""

LONGEST_REST = 0.25
"""Seconds; also after a long wait for PostgreSQL."""


class Pace:
    """Goes at full speed while the event loop is idle, and rests most of the time while it is not.

    Whoever follows something that grows says how it goes, so that the rests become shorter where it would
    never catch up.
    """

    def __init__(self) -> None:
        self._share = LEAST_SHARE
        self._since = perf_counter()

    def suit(self, done: int, grown: int) -> None:
        """Rest less where not twice as much is done as is added meanwhile, and more again where it is."""
        share = self._share * STEP if done < 2 * grown else self._share / STEP
        self._share = min(max(share, LEAST_SHARE), 1.0)

    async def breathe(self) -> None:
        """Let others go first; rest where there are any."""
        begun = perf_counter()
        await asyncio.sleep(0)
        if perf_counter() - begun > BUSY:
            worked = begun - self._since
            await asyncio.sleep(min(worked * (1 / self._share - 1), LONGEST_REST))
        self._since = perf_counter()
