"""Where a measure stands, and which events lead there."""

from enum import StrEnum

from shared.contracts.registry import (
    MeasureAmendedInPast,
    MeasureAssessed,
    MeasureBlocked,
    MeasureDropped,
    MeasureExecuted,
    MeasureIdentified,
    MeasureListed,
    MeasureOrdered,
    MeasureRetargeted,
)
from shared.domain import Lifecycle, Step


class MeasureState(StrEnum):
    """Where a measure stands."""

    UNKNOWN = "unknown"
    LISTED = "listed"
    BLOCKED = "blocked"
    ORDERED = "ordered"
    EXECUTED = "executed"
    DROPPED = "dropped"


UNORDERED = (MeasureState.LISTED, MeasureState.BLOCKED)
OPEN = (*UNORDERED, MeasureState.ORDERED)
"""What an amendment can still change."""

LIFECYCLE = Lifecycle(
    MeasureState.UNKNOWN,
    Step(MeasureListed, (MeasureState.UNKNOWN,), MeasureState.LISTED),
    Step(MeasureIdentified, UNORDERED, MeasureState.LISTED),
    Step(MeasureBlocked, UNORDERED, MeasureState.BLOCKED),
    Step(MeasureOrdered, (MeasureState.LISTED,), MeasureState.ORDERED),
    Step(MeasureRetargeted, OPEN, MeasureState.LISTED),
    Step(MeasureRetargeted, (MeasureState.ORDERED,)),
    Step(MeasureAmendedInPast, (*OPEN, MeasureState.DROPPED)),
    Step(MeasureAssessed, OPEN),
    Step(MeasureDropped, OPEN, MeasureState.DROPPED),
    Step(MeasureExecuted, (MeasureState.ORDERED,), MeasureState.EXECUTED),
)
"""Listed → ordered, or blocked until identified → executed; or dropped by an amendment."""
