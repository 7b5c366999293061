"""How punctual a sweeper is, in numbers."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from shared.projections import Due
from shared.telemetry.spread import LATE_S, Spread

DONE, REFUSED, FAILED = "done", "refused", "failed"


class Punctuality:
    """What fell due and is not done yet, and how late the rest was done."""

    def __init__(self) -> None:
        self.acts: Counter[str] = Counter()
        self.lateness = Spread(LATE_S)
        self._waiting: dict[str, datetime] = {}
        self._following: datetime | None = None

    def found(self, dues: Iterable[Due]) -> None:
        """Note rows that are due and about to be acted on."""
        self._waiting |= {due.key: due.moment for due in dues}

    def acted(self, due: Due, outcome: str, now: datetime) -> None:
        """Note what came of one act; one that failed is still due."""
        self.acts[outcome] += 1
        if outcome != FAILED:
            self._waiting.pop(due.key, None)
            self.lateness.observe((now - due.moment).total_seconds())

    def awaits(self, following: datetime | None) -> None:
        """Note that nothing is due until a moment."""
        self._waiting.clear()
        self._following = following

    def rests(self) -> None:
        """Note that another replica sweeps."""
        self.awaits(None)

    @property
    def overdue(self) -> int:
        """How many rows are known to be due that nothing was done about yet."""
        return len(self._waiting)

    def overdue_seconds(self, now: datetime) -> float:
        """How long the longest of them has been due."""
        moments = list(self._waiting.values())
        if not moments and self._following is not None:
            moments = [self._following]
        return max(0.0, (now - min(moments)).total_seconds()) if moments else 0.0
