"""How far a service has come, as its reading endpoints need to know it: log, read models, inboxes."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.contracts.meta import rfc3339


@dataclass(frozen=True, slots=True)
class AsOf:
    """A position of the log, everything up to which counts, and when the event there was recorded.

    At position 0 there is nothing, and so no moment.
    """

    position: int
    recorded_at: datetime | None = None

    @property
    def moment(self) -> str | None:
        """When the last event that counts was recorded, in RFC 3339."""
        return None if self.recorded_at is None else rfc3339(self.recorded_at)

    def headers(self) -> dict[str, str]:
        """Say in an answer what it is as of."""
        told = {"Tanfidh-Position": str(self.position)}
        return told if self.moment is None else told | {"Tanfidh-As-Of": self.moment}


class Horizon(Protocol):
    """Resolves moments to positions, and waits for positions."""

    @property
    def sources(self) -> Collection[str]:
        """The services that can be waited for: this one, and those whose events it takes in."""

    async def resolve(self, asked: int | datetime) -> AsOf:
        """Return the last position that counts: the head at most, 0 before the first event."""

    async def head(self) -> int:
        """Return the last position of the log now, whichever replica committed it."""

    async def folded(self, position: int) -> None:
        """Wait until the read models are folded up to a position."""

    async def taken_in(self, source: str, position: int) -> None:
        """Wait until the events of a source up to a position have had their effects here."""


class NoLog:
    """The horizon of an application without a log: it stands at 0 for ever."""

    @property
    def sources(self) -> Collection[str]:
        """Nobody can be waited for."""
        return ()

    async def resolve(self, asked: int | datetime) -> AsOf:
        """There is nothing at any time."""
        return AsOf(0)

    async def head(self) -> int:
        """There is no event."""
        return 0

    async def folded(self, position: int) -> None:
        """Wait in vain, but for position 0."""
        if position > 0:
            await asyncio.Event().wait()

    async def taken_in(self, source: str, position: int) -> None:
        """Wait in vain."""
        await asyncio.Event().wait()
