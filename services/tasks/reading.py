"""Where a decision reads aggregates: a turn, or the past."""

from typing import Protocol, TypeVar

from shared.domain import Aggregate

A = TypeVar("A", bound=Aggregate)


class Reading(Protocol):
    """Gives aggregates, version 0 where one does not exist."""

    def get(self, kind: type[A], id: str) -> A:
        """Return an aggregate."""
