"""The newest committed rows, kept in memory so that relay and views need not read them back."""

from bisect import bisect_left
from collections.abc import Iterable
from datetime import datetime, timedelta
from operator import itemgetter

from shared.eventstore.record import Record
from shared.eventstore.rendering import Row

BYTES = 32 * 1024 * 1024
OVERHEAD = 6 * 1024
"""Bytes that a row takes besides its payload and meta, once they are parsed."""

KEPT = timedelta(seconds=10)
"""Who reads the log's end is milliseconds behind; who is further behind than this reads from the table."""


class Recent:
    """A window on the end of the log, bounded in age and in bytes whenever it is extended."""

    def __init__(self, head: int) -> None:
        self.restart(head)

    def extend(self, rows: Iterable[Row], recorded_at: datetime) -> None:
        """Add what this process has just committed; neither may positions have a gap nor moments go back."""
        for row in rows:
            self._rows.append((row, recorded_at))
            self._bytes += _size(row)
        if self._rows and recorded_at - self._rows[0][1] > 2 * KEPT:
            self._drop(bisect_left(self._rows, recorded_at - KEPT, key=itemgetter(1)))
        while self._bytes > BYTES:
            self._drop((len(self._rows) + 1) // 2)

    def restart(self, head: int) -> None:
        """Begin anew after `head`, when others have committed in between."""
        self._first = head + 1
        self._rows: list[tuple[Row, datetime]] = []
        self._bytes = 0

    def read(self, after: int, limit: int) -> list[Record] | None:
        """Return what follows `after`, or None where the window does not reach back so far."""
        start = after + 1 - self._first
        if start < 0:
            return None
        return [row.stored(recorded_at) for row, recorded_at in self._rows[start : start + limit]]

    def _drop(self, number: int) -> None:
        """Drop the oldest rows."""
        del self._rows[:number]
        self._first += number
        self._bytes = sum(_size(row) for row, _ in self._rows)


def _size(row: Row) -> int:
    return len(row.data) + len(row.meta) + len(row.sealed) + OVERHEAD
