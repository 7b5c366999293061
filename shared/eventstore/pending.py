"""A command on its way through the writer."""

from asyncio import Future
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shared.eventstore.cache import Wanted
from shared.eventstore.command import Command, Outcome
from shared.eventstore.errors import PredecessorFailed, StoreUnavailable
from shared.telemetry.tracing import Span


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer that is already stored."""

    fingerprint: bytes
    position: int
    answer: bytes


class Pending:
    """A command on its way: who waits for its outcome, and what is known for its decision.

    `previous` and `following` chain commands that are to be decided in order: one is decided only on top
    of the one before it, and fails with it; one that is `in_lane` waits for its turn and does not fail with
    what is refused before it. A command is `suspect` when it may have been answered before,
    longer ago than is remembered: then it is `looked_up` before it is decided. `since` is a moment of the
    monotonic clock; `told` is called once, with the outcome, whether or not anybody still waits for it.
    """

    __slots__ = (
        "alone",
        "answered",
        "command",
        "decided",
        "following",
        "future",
        "in_lane",
        "looked_up",
        "previous",
        "since",
        "span",
        "suspect",
        "told",
        "wants",
    )

    def __init__(self, command: Command[Any], future: "Future[Outcome[Any]]", since: float) -> None:
        self.command = command
        self.future = future
        self.since = since
        self.wants: set[Wanted] = set(command.reads)
        self.suspect = False
        self.looked_up = False
        self.answered: Answered | None = None
        self.alone = False
        self.in_lane = False
        self.decided = False
        self.previous: Pending | None = None
        self.following: Pending | None = None
        self.span: Span | None = None
        self.told: Callable[[Pending, Outcome[Any] | BaseException], None] | None = None

    @property
    def obsolete(self) -> bool:
        """Whether it need not be decided: it is decided or done, or its turn comes with another."""
        return self.decided or self.future.done() or self.waits

    @property
    def waits(self) -> bool:
        """Whether it is to be decided, and the one before it comes first."""
        if self.decided or self.future.done():
            return False
        return self.previous is not None and not self.previous.decided

    @property
    def about(self) -> dict[str, str]:
        """What a line in the log says it is about."""
        by = self.command.by
        return {"command": self.command.name, "correlation": str(by.correlation or by.id)}

    @property
    def over(self) -> bool:
        """Whether nobody waits for it, nor for what follows it."""
        return self.future.done() and (self.following is None or self.following.future.done())

    def released(self) -> "Pending | None":
        """Return the command whose turn comes by this one, where this one is decided, or done for good.

        One that was found stored after a lost connection is done without having been decided again.
        """
        if self.future.done() and (self.future.cancelled() or self.future.exception() is not None):
            if self.following is not None:
                self.following.settle(PredecessorFailed(f"{self.command.name} before it failed"))
            return None
        self.decided = self.decided or self.future.done()
        return self.following if self.decided else None

    def settle(self, outcome: Outcome[Any] | BaseException) -> None:
        """Tell whoever still waits."""
        told, self.told = self.told, None
        if told is not None:
            told(self, outcome)
        if self.future.done():
            return
        if not isinstance(outcome, BaseException):
            self.future.set_result(outcome)
        else:
            self.future.set_exception(outcome)
            if not self.decided:
                self._fail_following(outcome)
        if self.following is not None:
            self.following.previous = None  # a lane has no end, and nobody need remember all of it

    def _fail_following(self, outcome: BaseException) -> None:
        following = self.following
        if following is None:
            return
        if following.in_lane and isinstance(outcome, StoreUnavailable):
            following.settle(outcome)
        else:
            following.settle(PredecessorFailed(f"{self.command.name} before it failed"))
