"""How far a relay or an inbox has come, and what stopped it."""

import asyncio


class Progress:
    """A position that rises, and an alarm; both can be waited for."""

    def __init__(self) -> None:
        self.position = 0
        self.alarm: str | None = None
        self._changed = asyncio.Condition()

    async def move(self, position: int) -> None:
        """Set the position; everything is well, so the alarm is off."""
        async with self._changed:
            self.position = position
            self.alarm = None
            self._changed.notify_all()

    async def raise_alarm(self, reason: str) -> None:
        """Say what is wrong."""
        async with self._changed:
            self.alarm = reason
            self._changed.notify_all()

    def forget_alarm(self) -> None:
        """Say nothing more of it: what happens next is another replica's to tell."""
        self.alarm = None

    async def reached(self, position: int) -> int:
        """Wait until `position` is reached; return where it stands then."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.position >= position)
            return self.position

    async def alarmed(self) -> str:
        """Wait until something is wrong; return what."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.alarm is not None)
            return self.alarm or ""
