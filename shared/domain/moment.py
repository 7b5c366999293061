"""The two clocks of every event."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Moment:
    """When something was learned, and when it is so in law or fact. Both are aware and in UTC.

    `recorded_at` comes from the store, under its fence, and never runs backwards along the log.
    `effective_at` is the caller's; it orders nothing.
    """

    recorded_at: datetime
    effective_at: datetime
