"""The logs that a store has had: one from its beginning, and one more for every restore from a backup.

A leaf is hashed with the id of the log in force when its event was recorded, and is never hashed again.
So whoever verifies a restored store needs, for each position, the id that was in force at it.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.eventstore.errors import UnusableStore
from shared.eventstore.log.note import Checkpoint, UnverifiableNote

_LOGS = "SELECT log_id, first, predecessor, common FROM logs"
_CURRENT = "SELECT log_id FROM head"


@dataclass(frozen=True, slots=True)
class LogSpan:
    """One log: the first position recorded under it, and the size up to which it equals its predecessor."""

    log_id: UUID
    first: int
    common: int
    note: str | None = None
    """The signed checkpoint of that size, where there is one."""


class Lineage:
    """The logs of a store, the oldest first; the last one is in force."""

    def __init__(self, spans: Sequence[LogSpan]) -> None:
        self.spans = spans
        self._firsts = [span.first for span in spans]

    @property
    def current(self) -> UUID:
        """The id of the log in force."""
        return self.spans[-1].log_id

    @property
    def first(self) -> int:
        """The first position whose leaf is hashed with the current id."""
        return self.spans[-1].first

    def log_id_at(self, position: int) -> UUID:
        """The id with which the leaf at a position, from 1, is hashed."""
        return self.spans[bisect_right(self._firsts, position) - 1].log_id

    def __contains__(self, log_id: UUID) -> bool:
        return any(span.log_id == log_id for span in self.spans)

    def carried_over(self, log_id: UUID, position: int) -> int | None:
        """How much of the first `position` events of one of these logs is in the current one too.

        None where the log is not one of them.
        """
        for span in reversed(self.spans):
            if span.log_id == log_id:
                return position
            position = min(position, span.common)
        return None


async def read_lineage(connection: Any) -> Lineage:
    """Read the logs of the schema that the connection's search_path names.

    Raises:
        UnusableStore: there is none, one is missing, or they do not lead back to a first one.
    """
    rows = {row["log_id"]: row for row in await connection.fetch(_LOGS)}
    spans: list[LogSpan] = []
    log_id = await connection.fetchval(_CURRENT)
    while log_id is not None:
        row = rows.pop(log_id, None)
        if row is None:
            known = any(span.log_id == log_id for span in spans)
            trouble = "continues itself" if known else "is not known to the store"
            raise UnusableStore(f"the log {log_id} {trouble}: its logs were changed from outside")
        spans.insert(0, LogSpan(log_id, row["first"], _size_of(row["common"]), row["common"]))
        log_id = row["predecessor"]
    if not spans:
        raise UnusableStore("the schema holds no log: run `tanfidh migrate`")
    return Lineage(spans)


def _size_of(note: str | None) -> int:
    try:
        return Checkpoint.parse(note).size if note is not None else 0
    except UnverifiableNote as error:
        raise UnusableStore(f"what two logs have in common cannot be read: {error}") from error
