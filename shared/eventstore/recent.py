"""The newest committed rows, kept in memory so that relay and views need not read them back."""

from collections.abc import Iterable
from datetime import datetime

from shared.eventstore.record import Record
from shared.eventstore.rendering import Row

BYTES = 32 * 1024 * 1024
OVERHEAD = 6 * 1024
"""Bytes that a row takes besides its payload and meta, once they are parsed."""


class Recent:
    """A window on the end of the log, bounded in bytes."""

    def __init__(self, head: int) -> None:
        self._first = head + 1
        self._rows: list[tuple[Row, datetime]] = []
        self._bytes = 0

    def extend(self, rows: Iterable[Row], recorded_at: datetime) -> None:
        """Add what this process has just committed; positions must go on without a gap."""
        for row in rows:
            self._rows.append((row, recorded_at))
            self._bytes += len(row.data) + len(row.meta) + OVERHEAD
        if self._bytes > BYTES:
            self._halve()

    def restart(self, head: int) -> None:
        """Begin anew after `head`, when others have committed in between."""
        self._first, self._rows, self._bytes = head + 1, [], 0

    def read(self, after: int, limit: int) -> list[Record] | None:
        """Return what follows `after`, or None where the window does not reach back so far."""
        start = after + 1 - self._first
        if start < 0:
            return None
        return [row.stored(recorded_at) for row, recorded_at in self._rows[start : start + limit]]

    def _halve(self) -> None:
        kept = self._rows[len(self._rows) // 2 :]
        self._first = kept[0][0].position
        self._rows = kept
        self._bytes = sum(len(row.data) + len(row.meta) + OVERHEAD for row, _ in kept)
