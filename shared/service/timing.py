"""Waiting for moments of the machine's clock."""

import asyncio
from datetime import datetime

from shared.domain.clock import system_clock

LONGEST_WAIT = 30.0
"""Seconds between looks at the clock: it may be set, or the machine may have slept."""


class SystemTime:
    """The machine's clock, and waiting for it."""

    def __call__(self) -> datetime:
        """Read the clock."""
        return system_clock()

    async def reached(self, moment: datetime) -> None:
        """Wait until the clock shows a moment, however it was set meanwhile."""
        while (left := (moment - system_clock()).total_seconds()) > 0:
            await asyncio.sleep(min(left, LONGEST_WAIT))


SYSTEM_TIME = SystemTime()
