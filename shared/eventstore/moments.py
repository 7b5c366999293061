"""When events were recorded, as far as this process has committed them: lags are measured by it.

They are told for longer than the events are kept in memory. That is how late somebody is who cannot read,
such as a relay whose server is away.
"""

from bisect import bisect_right
from datetime import datetime
from operator import itemgetter

MOST = 10_000
"""Batches, and gaps between them, that are remembered at most; the older half is forgotten then."""


class Moments:
    """When each of the newest batches was recorded."""

    def __init__(self) -> None:
        self._begins: list[tuple[int, datetime | None]] = []
        self._next = 0

    def note(self, first: int, number: int, recorded_at: datetime) -> None:
        """Note a batch by its first position; what lies between it and the one before, others committed."""
        if number == 0:
            return
        if first != self._next:
            self._begins.append((self._next, None))
        self._begins.append((first, recorded_at))
        self._next = first + number
        if len(self._begins) > MOST:
            del self._begins[: MOST // 2]

    def recorded_at(self, position: int) -> datetime | None:
        """When the event at a position was recorded; None where that is not known here."""
        batch = bisect_right(self._begins, position, key=itemgetter(0)) - 1
        return self._begins[batch][1] if batch >= 0 and position < self._next else None
