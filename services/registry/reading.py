"""How decisions about several aggregates read them."""

from collections.abc import Iterable
from typing import Protocol, TypeVar

from shared.domain import Aggregate

A = TypeVar("A", bound=Aggregate)


class Reading(Protocol):
    """Where aggregates are read, so that the commit checks every one of them."""

    def get(self, kind: type[A], id: str) -> A:
        """Return an aggregate as of now, version 0 where it does not exist."""


class ReadingMany(Reading, Protocol):
    """Where many aggregates are read together."""

    def get_all(self, kind: type[A], ids: Iterable[str]) -> list[A]:
        """Return several aggregates in the order of their ids, as `get` does."""
