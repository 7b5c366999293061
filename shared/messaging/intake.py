"""What becomes of the events of one other service, as the inbox that reads them sees it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from nats.aio.client import Client

from shared.domain.clock import Time
from shared.messaging.received import Received


class Passage(Protocol):
    """A gate before work that falls due; see `shared.service.gate`."""

    @property
    def awaited(self) -> bool:
        """Whether somebody waits before it."""

    async def passed(self) -> None:
        """Wait to be let through."""


@dataclass(frozen=True, slots=True)
class ClockAndGate:
    """By which clock parked events are tried again, and the gate that is passed before."""

    time: Time
    gate: Passage


class Intake:
    """What becomes of the events of one other service. One that never parks has nothing but `take`."""

    window: int
    """How many events it wants at once, at most."""

    @property
    def parked(self) -> int:
        """How many events are parked, as far as this replica reads."""
        return 0

    @property
    def given_up(self) -> int:
        """Of how many streams the first event waits for a person, as far as this replica reads."""
        return 0

    @property
    def alarm(self) -> str | None:
        """What somebody must see to, while everything else is taken in."""
        return None

    @property
    def at_rest(self) -> bool:
        """Whether nothing that is parked is to be tried now."""
        return True

    async def begin(self) -> None:
        """Take up what is parked: before each session's first `take`, and after its position was read."""

    async def look_back(self, nc: Client, position: int) -> None:
        """Compare what older releases parked, and note what they passed over up to a position.

        That is after `begin`, and before `take`.

        Raises what `shared.messaging.looking_back` raises.
        """

    async def try_again(self, timing: ClockAndGate) -> None:
        """Try what is parked when it is due; until cancelled, as long as this replica reads."""
        await asyncio.get_running_loop().create_future()

    async def take(self, events: Sequence[Received], position: int) -> int:
        """Take in consecutive events after a position; return the position reached, in the same commit.

        Raises:
            InboxMoved: another reader has moved the inbox meanwhile.
            ReactionFailed: the very first event can neither be taken in nor parked.
        """
        raise NotImplementedError
