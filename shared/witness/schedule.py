"""When rounds are: at multiples of an interval, so that they are the same moments in every run."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Schedule:
    """Rounds at the multiples of `every` since 1970, each `offset` later.

    Two services that witness one another have different offsets, so that no round of one falls into a round
    of the other.
    """

    every: timedelta
    offset: timedelta = timedelta(0)

    def after(self, moment: datetime) -> datetime:
        """The first round after a moment."""
        passed = (moment - _EPOCH - self.offset) // self.every
        return _EPOCH + self.offset + (passed + 1) * self.every
