"""What the rows of every view have in common."""

from abc import abstractmethod
from collections.abc import Iterable
from typing import Any, ClassVar

from pydantic import BaseModel

from shared.eventstore.record import Record
from shared.projections import View

Row = dict[str, Any]


class OwnRows(View):
    """A view with one row for each aggregate of a kind, told by that aggregate's own events.

    `version` in a row is that of its aggregate: the one that ETag and If-Match speak of.
    """

    kind: ClassVar[str]

    def keys(self, record: Record) -> Iterable[str]:
        """Name the row of the event's own aggregate."""
        return (record.id,) if record.kind == self.kind else ()

    def fold(self, key: str, doc: Row | None, record: Record) -> Row | None:
        """Return the row after the event."""
        row: Row = {"id": key} if doc is None else doc
        self.tell(row, record)
        if record.kind == self.kind and record.id == key:
            row["version"] = record.version
        return row

    @abstractmethod
    def tell(self, row: Row, record: Record) -> None:
        """Change the row by the event."""


def plain(value: BaseModel) -> Row:
    """Render a part of a payload as JSON."""
    return value.model_dump(mode="json")
