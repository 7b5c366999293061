"""The newest committed rows, kept in memory so that relay and views need not read them back."""

from bisect import bisect_left, bisect_right
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

MOMENTS = 10_000
"""Batches of which it is told when they were recorded, at most."""


class Recent:
    """A window on the end of the log, bounded in bytes and in age.

    When rows were recorded is told for longer than they are kept: that is how late somebody is who cannot
    read, such as a relay whose server is away.
    """

    def __init__(self, head: int) -> None:
        self.restart(head)

    def extend(self, rows: Iterable[Row], recorded_at: datetime) -> None:
        """Add what this process has just committed; neither may positions have a gap nor moments go back."""
        known = len(self._rows)
        for row in rows:
            self._rows.append((row, recorded_at))
            self._bytes += len(row.data) + len(row.meta) + OVERHEAD
        if len(self._rows) == known:
            return
        self._note(self._rows[known][0].position, recorded_at)
        if self._bytes > BYTES:
            self._drop(len(self._rows) // 2)
        elif recorded_at - self._rows[0][1] > 2 * KEPT:
            self._drop(bisect_left(self._rows, recorded_at - KEPT, key=itemgetter(1)))

    def restart(self, head: int) -> None:
        """Begin anew after `head`, when others have committed in between."""
        self._first = head + 1
        self._rows: list[tuple[Row, datetime]] = []
        self._bytes = 0
        self._moments: list[tuple[int, datetime]] = []

    def read(self, after: int, limit: int) -> list[Record] | None:
        """Return what follows `after`, or None where the window does not reach back so far."""
        start = after + 1 - self._first
        if start < 0:
            return None
        return [row.stored(recorded_at) for row, recorded_at in self._rows[start : start + limit]]

    def recorded_at(self, position: int) -> datetime | None:
        """When a row was recorded; None where that is not known here."""
        batch = bisect_right(self._moments, position, key=itemgetter(0)) - 1
        if batch < 0 or position >= self._first + len(self._rows):
            return None
        return self._moments[batch][1]

    def _note(self, first: int, recorded_at: datetime) -> None:
        self._moments.append((first, recorded_at))
        if len(self._moments) > MOMENTS:
            del self._moments[: MOMENTS // 2]

    def _drop(self, number: int) -> None:
        """Drop the oldest rows; never all of them."""
        kept = self._rows[number:]
        self._first = kept[0][0].position
        self._rows = kept
        self._bytes = sum(len(row.data) + len(row.meta) + OVERHEAD for row, _ in kept)
