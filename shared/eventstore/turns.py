"""Whose turn it is to commit, where several processes write to one log.

The fence alone keeps the log right: whoever commits second is refused, and decides again. Two busy processes
would so decide half of everything in vain. Whoever was overtaken lately therefore waits for a turn before it
decides, and hands it on after a while. A turn is a lock by agreement, held by a connection: whoever does
without it, or hangs while holding it, can only overtake or be overtaken.
"""

from time import monotonic
from typing import Any

import asyncpg

SPAN = 0.05
"""Seconds after which a turn is handed on."""

LATELY = 1.0
"""Seconds for which somebody who was overtaken takes turns."""

HANGING = 0.3
"""Seconds that a turn is waited for; whoever holds it longer hangs."""

WITHOUT = 5.0
"""Seconds for which no turns are taken, once somebody has hung in one."""

_KEY = "hashtextextended('tanfidh/turn/' || current_schema, 0)"
_TAKE = f"SELECT pg_advisory_lock({_KEY})"
_HAND_OVER = f"SELECT pg_advisory_unlock({_KEY})"


class Turns:
    """The turns of one writer; its connection is the one that it commits on."""

    def __init__(self) -> None:
        self._from = self._until = 0.0
        self._held = False
        self._ends = 0.0

    def overtaken(self) -> None:
        """Note that somebody else committed first."""
        self._until = monotonic() + LATELY

    @property
    def wanted(self) -> bool:
        """Whether a turn is to be waited for before anything is decided."""
        return not self._held and self._from <= monotonic() < self._until

    @property
    def held(self) -> bool:
        """Whether it is this writer's turn."""
        return self._held

    @property
    def over(self) -> bool:
        """Whether the turn has lasted long enough."""
        return self._held and monotonic() > self._ends

    async def take(self, connection: Any) -> None:
        """Wait for the turn; go on without where whoever holds it hangs."""
        try:
            async with connection.transaction():
                await connection.execute(f"SET LOCAL lock_timeout = '{HANGING * 1e3:.0f}ms'")
                await connection.execute(_TAKE)
        except asyncpg.LockNotAvailableError:
            self._from = monotonic() + WITHOUT
            return
        self._held, self._ends = True, monotonic() + SPAN

    async def hand_over(self, connection: Any) -> None:
        """Let the next in line have its turn."""
        self._held = False
        await connection.execute(_HAND_OVER)

    def lost(self) -> None:
        """Note that the connection has gone, and the turn with it."""
        self._held = False
