"""Changes of what an inbox has parked, which are stored in the commit of the command that makes them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

Place = tuple[str, int]
"""A source, and the position of a parked event in its log."""


@dataclass(frozen=True, slots=True)
class ParkedRow:
    """A parked event as it is stored: as it was received, and when it is tried again.

    `attempts` is 0 where it is tried as soon as it is the first of its stream. `next_attempt` is None then,
    and where it waits for a person. `failure` is JSON, None where nothing failed but the event before it.
    """

    log_id: UUID
    leaf_log: UUID | None
    stream: str
    type: str
    data: bytes
    meta: bytes
    sealed_digest: bytes
    previous: bytes
    attempts: int
    next_attempt: datetime | None
    failure: str | None


@dataclass(frozen=True, slots=True)
class Trial:
    """How often a parked event has been tried, and when it is next; `failure` None keeps the last one."""

    attempts: int
    next_attempt: datetime | None = None
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class ParkingStep:
    """What becomes of one parked event: it comes (`ParkedRow`), is tried again (`Trial`) or leaves (None)."""

    source: str
    position: int
    change: ParkedRow | Trial | None


class ParkingChanges:
    """The changes of one commit, in the order of its commands."""

    def __init__(self) -> None:
        self._changes: dict[Place, ParkedRow | Trial | None] = {}

    def __bool__(self) -> bool:
        return bool(self._changes)

    def add(self, step: ParkingStep) -> None:
        """Add a change. What comes and leaves in one commit leaves no trace: a statement sees no own rows."""
        place = (step.source, step.position)
        known = self._changes.get(place)
        if not isinstance(known, ParkedRow):
            self._changes[place] = step.change
        elif step.change is None:
            del self._changes[place]
        elif isinstance(step.change, Trial):
            trial = step.change
            self._changes[place] = replace(
                known,
                attempts=trial.attempts,
                next_attempt=trial.next_attempt,
                failure=trial.failure or known.failure,
            )

    def columns(self) -> list[Any]:
        """Turn the changes into the parameters 27 to 46 of ``parking.sql``; see there."""
        rows = {place: change for place, change in self._changes.items() if isinstance(change, ParkedRow)}
        trials = {place: change for place, change in self._changes.items() if isinstance(change, Trial)}
        gone = {place: None for place, change in self._changes.items() if change is None}
        come = [
            [row.log_id for row in rows.values()],
            [row.leaf_log for row in rows.values()],
            [row.stream for row in rows.values()],
            [row.type for row in rows.values()],
            [row.data for row in rows.values()],
            [row.meta for row in rows.values()],
            [row.sealed_digest for row in rows.values()],
            [row.previous for row in rows.values()],
            [row.attempts for row in rows.values()],
            [row.next_attempt for row in rows.values()],
            [row.failure for row in rows.values()],
        ]
        tried = [
            [trial.attempts for trial in trials.values()],
            [trial.next_attempt for trial in trials.values()],
            [trial.failure for trial in trials.values()],
        ]
        return [*_places(rows), *come, *_places(trials), *tried, *_places(gone)]


def _places(changes: Mapping[Place, object]) -> list[list[Any]]:
    return [[source for source, _ in changes], [position for _, position in changes]]
