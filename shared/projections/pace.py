"""Working beside others on one event loop without holding them up."""

import asyncio
from time import perf_counter

LEAST_SHARE = 0.25
"""Part of the time that is worked while others are busy, at least."""

LEAST_SLICE = 50
LARGEST_SLICE = 500
"""Events that are folded between two breaths."""

STEP = 1.5
"""By how much the effort grows where it is not enough."""

BUSY = 0.0003
"""Seconds that a turn of the event loop takes at most while nobody else works."""

LONGEST_REST = 0.25
"""Seconds; also after a long wait for PostgreSQL."""

_MOST = LARGEST_SLICE / LEAST_SLICE / LEAST_SHARE


class Pace:
    """Goes at full speed while the event loop is idle, and rests most of the time while it is not.

    Whoever follows something that grows says how it goes, so that the rests become shorter, and then the
    work between them longer, where it would never catch up.
    """

    def __init__(self) -> None:
        self._effort = 1.0
        self._since = perf_counter()

    @property
    def slice(self) -> int:
        """How many events to fold until the next breath."""
        return int(LEAST_SLICE * max(self._effort * LEAST_SHARE, 1.0))

    def suit(self, done: int, grown: int) -> None:
        """Try harder where not twice as much is done as is added meanwhile, and less again where it is."""
        effort = self._effort * STEP if done < 2 * grown else self._effort / STEP
        self._effort = min(max(effort, 1.0), _MOST)

    async def breathe(self) -> None:
        """Let others go first; rest where there are any."""
        begun = perf_counter()
        await asyncio.sleep(0)
        share = min(self._effort * LEAST_SHARE, 1.0)
        if share < 1.0 and perf_counter() - begun > BUSY:
            worked = begun - self._since
            await asyncio.sleep(min(worked * (1 / share - 1), LONGEST_REST))
        self._since = perf_counter()
