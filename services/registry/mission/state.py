"""Where a mission stands: open → closing → closed."""

from enum import StrEnum


class MissionState(StrEnum):
    """Where a mission stands."""

    UNKNOWN = "unknown"
    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"
