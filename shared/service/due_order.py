"""What is due, in the order in which it was due: rows come from their view by the first moment about them."""

from collections.abc import Iterable
from datetime import datetime
from heapq import heappop, heappush
from itertools import count

from shared.projections import Due, View


class DueOrder:
    """Orders the rows that are due by a moment, page by page, by what is to be done about them now.

    A row is found by the first moment about it. Where the view's `then` has come as well, it is that which
    counts: a deadline that was to be near and passed in one outage is missed, in the order of misses. Rows of
    the same moment come in the order of their keys.
    """

    def __init__(self, view: View, now: datetime) -> None:
        self._then = view.then
        self._now = now
        self._waiting: list[tuple[datetime, str, int, Due]] = []
        self._numbers = count()

    def told(self, page: Iterable[Due]) -> list[Due]:
        """The rows of a page, each with the moment that counts by now."""
        return [self._told(due) for due in page]

    def add(self, dues: Iterable[Due], last: Due) -> list[Due]:
        """Take in rows of a page that ended with `last`; return those before which nothing can come any more.

        Whatever follows is due after `last`, and what counts of it is no earlier.
        """
        for due in dues:
            heappush(self._waiting, (due.moment, due.key, next(self._numbers), due))
        ready = []
        while self._waiting and self._waiting[0][:2] <= (last.moment, last.key):
            ready.append(heappop(self._waiting)[-1])
        return ready

    def rest(self) -> list[Due]:
        """Return what is left when no page follows."""
        rest, self._waiting = [due for *_, due in sorted(self._waiting, key=lambda one: one[:3])], []
        return rest

    def _told(self, due: Due) -> Due:
        later = later_of(self._then, due)
        return due._replace(moment=later) if later is not None and due.moment < later <= self._now else due


def later_of(then: str | None, due: Due) -> datetime | None:
    """The moment at which something else is due about a row, where its view tells one."""
    told = None if then is None else due.row.get(then)
    return None if told is None else datetime.fromisoformat(told)
