"""The clock, always passed in: nothing below the composition roots reads the time by itself."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

Clock = Callable[[], datetime]
"""Returns the present moment, aware and in UTC."""


def system_clock() -> datetime:
    """Read the machine's clock."""
    return datetime.now(UTC)


class Time(Protocol):
    """A clock that can also be waited for: the machine's, or the virtual one of a simulation."""

    def __call__(self) -> datetime:
        """Return the present moment, aware and in UTC."""

    async def reached(self, moment: datetime) -> None:
        """Wait until the present moment is not before another; return at once where it is so already."""
