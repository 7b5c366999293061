"""A clock that stands until a test moves it, forward or back."""

import asyncio
from datetime import datetime, timedelta


class VirtualTime:
    """Takes the place of the machine's clock, and of waiting for it."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._moved = asyncio.Event()

    def __call__(self) -> datetime:
        return self._now

    async def reached(self, moment: datetime) -> None:
        while self._now < moment:
            await self._moved.wait()

    def move(self, to: datetime | timedelta) -> datetime:
        """Set the clock, or move it by a time; whoever waits for a moment looks again."""
        self._now = to if isinstance(to, datetime) else self._now + to
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()
        return self._now
