"""What the trail is asked for, and places in its order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from shared.contracts.event import QUERY_KEYS

FILTERS = (*QUERY_KEYS, "stream", "actor", "correlation", "causation")
"""Columns by whose value events can be asked for; each has an index in the order of the trail."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Place(NamedTuple):
    """A place in the order of the trail: by moment, then by name of the service, then by position.

    `log` numbers the logs of all sources as they were met. It tells apart what a restored service recorded
    twice at one position.
    """

    recorded_at: datetime
    source: str
    position: int
    log: int

    def key(self) -> str:
        """Write the place for a cursor."""
        return f"{(self.recorded_at - _EPOCH) // _MICROSECOND}.{self.source}.{self.position}.{self.log}"

    @classmethod
    def read(cls, key: str) -> "Place":
        """Read what `key` wrote; raise ValueError for anything else."""
        moment, source, position, log = key.split(".")
        try:
            place = cls(_EPOCH + int(moment) * _MICROSECOND, source, int(position), int(log))
        except OverflowError as error:
            raise ValueError(key) from error
        if place.key() != key or not 0 <= place.position < 2**63 or not 0 <= place.log < 2**31:
            raise ValueError(key)
        return place


@dataclass(frozen=True, slots=True)
class Asked:
    """Which events: all that fit everything given, from a moment on and before another.

    `filters` are values by the names of `FILTERS`. `types` are event types, any of which fits; None is all.
    """

    filters: Mapping[str, object] = field(default_factory=dict)
    types: Sequence[str] | None = None
    begin: datetime | None = None
    end: datetime | None = None
    descending: bool = False


def fits(wanted: str, type: str) -> bool:
    """Whether a type is the one wanted, or begins as ``tasks.deadline.*`` or ``tasks.*`` says."""
    return type == wanted or (wanted.endswith(".*") and type.startswith(wanted[:-1]))
