"""What would be if: a decision on copies of aggregates, of which nothing is stored."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from typing import TypeVar, cast

from shared.domain import Actor, Aggregate, Change, Moment
from shared.eventstore.store import EventStore

T = TypeVar("T")
A = TypeVar("A", bound=Aggregate)

Key = tuple[type[Aggregate], str]

AT_ONCE = 500
"""Aggregates that are loaded with one statement."""


class _NotLoaded(BaseException):
    """A decision asked for aggregates that are not in memory yet; not for its `except` clauses."""

    def __init__(self, missing: list[Key]) -> None:
        self.missing = missing


class Supposition:
    """What a decision sees that is only supposed: it can be read like a turn, and changes copies.

    `moment` may be moved between steps, so that something is supposed to happen later than something else.
    """

    def __init__(self, loaded: dict[Key, Aggregate], actor: Actor, moment: Moment) -> None:
        self.actor = actor
        self.moment = moment
        self._loaded = loaded
        self._copies: dict[Key, Aggregate] = {}

    def get(self, kind: type[A], id: str) -> A:
        """Return a copy of the aggregate as it is, version 0 where it does not exist; the same each time."""
        return self.get_all(kind, [id])[0]

    def get_all(self, kind: type[A], ids: Iterable[str]) -> list[A]:
        """Return copies of several aggregates in the order of their ids."""
        keys: list[Key] = [(kind, id) for id in ids]
        if missing := [key for key in keys if key not in self._loaded]:
            raise _NotLoaded(missing)
        for key in keys:
            if key not in self._copies:
                self._copies[key] = deepcopy(self._loaded[key])
        return [cast(A, self._copies[key]) for key in keys]

    def before(self, kind: type[A], id: str) -> A:
        """Return the aggregate as it is; it must not be changed."""
        if (kind, id) not in self._loaded:
            raise _NotLoaded([(kind, id)])
        return cast(A, self._loaded[kind, id])

    def changed(self, kind: type[A]) -> Iterator[A]:
        """The copies of a kind on which something was recorded."""
        for (of, _), copy in self._copies.items():
            if of is kind and copy.pending_events:
                yield cast(A, copy)

    def recorded(self) -> Iterator[tuple[Aggregate, Change]]:
        """Everything that would be recorded, each with the aggregate that it belongs to."""
        for copy in self._copies.values():
            for change in copy.pending_events:
                yield copy, cast(Change, change)


async def supposed(
    store: EventStore, position: int, actor: Actor, moment: Moment, decide: Callable[[Supposition], T]
) -> T:
    """Let a pure function decide on copies of what was at a position; it is run again for what it misses.

    It runs beside the event loop: what it supposes may touch hundreds of aggregates.

    Raises:
        Refusal: what the function refused.
    """
    loaded: dict[Key, Aggregate] = {}
    while True:
        try:
            return await asyncio.to_thread(decide, Supposition(loaded, actor, moment))
        except _NotLoaded as missing:
            wanted = list(dict.fromkeys(missing.missing))
        for start in range(0, len(wanted), AT_ONCE):
            part = wanted[start : start + AT_ONCE]
            loaded.update(zip(part, await store.load_all(part, position), strict=True))
