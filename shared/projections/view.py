"""What a read model is: rows of JSON, folded from the events of its own service."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any, ClassVar

from shared.eventstore.record import Record


class View(ABC):
    """The rules of one read model; pure, so that folding again gives the same rows.

    A raised `version` rebuilds the view from the beginning of the log; so must a change of `facets` or
    `tallied`, or of anything else that decides what the rows look like.
    """

    name: ClassVar[str]
    version: ClassVar[int] = 1
    facets: ClassVar[tuple[str, ...]] = ()
    """Top-level fields of a row by which lists can be filtered and counts grouped."""
    tallied: ClassVar[tuple[str, ...]] = ()
    """Facets of few values by which rows are counted as they are folded: a count by these, or by some of
    them, costs what it returns; any other count reads every row that it counts."""
    due: ClassVar[str | None] = None
    """Top-level field of a row with the moment (RFC 3339, or None) at which something is due about it.

    `Views.due` finds rows by it; a view that gains the field raises its version.
    """
    then: ClassVar[str | None] = None
    """Top-level field of a row with a later moment at which something else is due about it instead, whether
    or not anything was done about the first."""

    @abstractmethod
    def keys(self, record: Record) -> Iterable[str]:
        """Name the rows that this event touches."""

    @abstractmethod
    def fold(self, key: str, doc: dict[str, Any] | None, record: Record) -> dict[str, Any] | None:
        """Return the row as it is after the event; None where there is none (any more).

        `doc` is the caller's own copy and may be changed. Everything in it must be JSON.
        """
