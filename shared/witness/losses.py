"""What a log lost in restores: events that somebody knew of, and that the log after it has not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Loss:
    """A log had `known_size` events, and the one that continues it has the first `common` of them."""

    log_id: UUID
    known_size: int
    common: int

    def told(self) -> str:
        """Say what is gone."""
        return (
            f"the log {self.log_id} had {self.known_size} events, and the one that continues it the first "
            f"{self.common}: positions {self.common + 1} to {self.known_size} are gone"
        )


def losses(logs: Sequence[tuple[UUID, int]], known: Mapping[UUID, int]) -> list[Loss]:
    """Find what was lost between logs that continue one another.

    Args:
        logs: the oldest first, each with how many events it has in common with the one before.
        known: for a log, up to which position its events were witnessed or received.
    """
    found: list[Loss] = []
    carried = 0
    for (log_id, _), (_, common) in pairwise(logs):
        had = max(known.get(log_id, 0), carried)
        if had > common:
            found.append(Loss(log_id, had, common))
        carried = min(had, common)
    return found
