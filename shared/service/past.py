"""A decision judged on aggregates as they were at a position of the log. Nothing is recorded."""

from collections.abc import Callable
from typing import Protocol, TypeVar, cast

from shared.domain import Aggregate
from shared.eventstore.store import EventStore

T = TypeVar("T")
A = TypeVar("A", bound=Aggregate)


class Reading(Protocol):
    """Where a decision reads aggregates, as of one position."""

    def get(self, kind: type[A], id: str) -> A:
        """Return an aggregate, version 0 where it did not exist yet."""


class _NotLoaded(BaseException):
    """A decision asked for an aggregate that is not in memory yet; not for its `except` clauses."""


class _Past:
    def __init__(self) -> None:
        self.loaded: dict[tuple[type[Aggregate], str], Aggregate] = {}
        self.missing: tuple[type[Aggregate], str] | None = None

    def get(self, kind: type[A], id: str) -> A:
        found = self.loaded.get((kind, id))
        if found is None:
            self.missing = (kind, id)
            raise _NotLoaded()
        return cast(A, found)


async def judged(store: EventStore, position: int, judge: Callable[[Reading], T]) -> T:
    """Let a pure function judge what was at a position; it is run again for each aggregate that it reads.

    Raises:
        Refusal: what the function refused.
    """
    past = _Past()
    while True:
        try:
            return judge(past)
        except _NotLoaded:
            assert past.missing is not None
            kind, id = past.missing
        past.loaded[kind, id] = await store.load(kind, id, position)
