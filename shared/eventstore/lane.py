"""A lane: commands that decide in the order in which they were handed in, each on its own account."""

from asyncio import Future
from collections.abc import Callable
from typing import Any, TypeVar, cast

from shared.eventstore.command import Command, Outcome
from shared.eventstore.errors import PredecessorFailed
from shared.eventstore.pending import Pending

T = TypeVar("T")


class Lane:
    """Keeps an order among commands that come one by one; whatever else is decided goes on beside them.

    What they need is loaded beforehand and together. None of them waits for the one before to be durable, and
    where one is refused the next decides all the same.

    Args:
        pending: makes a command one that waits.
        submit: queues it with the writer.
    """

    def __init__(self, pending: Callable[[Command[Any]], Pending], submit: Callable[[Pending], None]) -> None:
        self._pending = pending
        self._submit = submit
        self._last: Pending | None = None

    async def execute(self, command: Command[T]) -> Outcome[T]:
        """Let a command decide once those before it have; return when that is durable.

        Raises:
            Exception: what `EventStore.execute` raises.
        """
        while True:
            try:
                return cast("Outcome[T]", await self._submitted(command))
            except PredecessorFailed:
                continue  # that is none of its business: it takes its turn anew

    def _submitted(self, command: Command[Any]) -> Future[Outcome[Any]]:
        """Queue a command behind the last one. Whoever waits must not name its future, as in the store."""
        pending, last = self._pending(command), self._last
        pending.in_lane, self._last = True, pending
        if last is not None and not last.decided and not last.future.done():
            last.following, pending.previous = pending, last
        self._submit(pending)
        return pending.future
