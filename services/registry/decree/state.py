"""Where a decree stands: issued → in force (held ⇄ resumed) → executed."""

from enum import StrEnum


class DecreeState(StrEnum):
    """Where a decree stands. ``held`` is said of a decree in force whose execution is held as a whole."""

    UNKNOWN = "unknown"
    ISSUED = "issued"
    IN_FORCE = "in-force"
    HELD = "held"
    EXECUTED = "executed"
