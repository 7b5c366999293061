"""Taking in by reacting: each event of another service becomes a command here."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

from shared.eventstore.errors import InboxMoved
from shared.eventstore.store import EventStore
from shared.messaging.outage import OUTAGE
from shared.messaging.received import Received
from shared.messaging.source import FETCH
from shared.messaging.steps import Reaction, ReactionFailed, Step, plan


class Intake(Protocol):
    """What becomes of the events of one other service."""

    window: int
    """How many events it wants at once, at most."""

    async def take(self, events: Sequence[Received], position: int) -> int:
        """Take in consecutive events after a position; return the position reached, in the same commit.

        Raises:
            InboxMoved: another reader has moved the inbox meanwhile.
            ReactionFailed: the very first event cannot be taken in.
        """


IntakeFor = Callable[[EventStore, str], Intake]
"""Makes the intake of a service's store for a source."""


class Reacting:
    """Executes what the events call for.

    The commands are handed to the store together and decided one on top of the other. Where one fails, those
    before it are kept, and it is tried again as the first: then its failure is final.
    """

    def __init__(self, react: Reaction, store: EventStore, source: str) -> None:
        self.window = FETCH
        self._react = react
        self._store = store
        self._source = source

    async def take(self, events: Sequence[Received], position: int) -> int:
        """Take in consecutive events; see `Intake`."""
        steps = plan(self._store.service, self._source, position, events, self._react)
        commands = [step.command for step in steps]
        outcomes = await asyncio.gather(*self._store.execute_in_order(commands), return_exceptions=True)
        done = 0
        for step, outcome in zip(steps, outcomes, strict=True):
            if isinstance(outcome, BaseException):
                if done == 0:
                    _fail(step, self._source, outcome)
                break
            done += 1
            position = step.received.position
        self.window = min(FETCH, 2 * self.window) if done == len(steps) else max(1, done)
        return position


def reacting(react: Reaction) -> IntakeFor:
    """Let events become commands by a reaction."""
    return partial(Reacting, react)


def _fail(step: Step, source: str, cause: BaseException) -> None:
    """Raise outages and lost races as they are, and anything else as the failure of the event's reaction."""
    if isinstance(cause, (InboxMoved, asyncio.CancelledError, *OUTAGE)):
        raise cause
    raise ReactionFailed(step.received, source, cause) from cause
