"""Where a decree stands, and which events lead there."""

from enum import StrEnum

from shared.contracts.registry import (
    DecreeAmended,
    DecreeConditionFulfilled,
    DecreeConditionWaived,
    DecreeEnteredIntoForce,
    DecreeExecuted,
    DecreeFinalReportApproved,
    DecreeFinalReportReturned,
    DecreeFinalReportSubmitted,
    DecreeHeld,
    DecreeIssued,
    DecreeRemovedFromControl,
    DecreeRepealed,
    DecreeResumed,
    DecreeSuperseded,
)
from shared.domain import Lifecycle, Step


class DecreeState(StrEnum):
    """Where a decree stands. ``held`` is said of a decree in force whose execution is held as a whole."""

    UNKNOWN = "unknown"
    ISSUED = "issued"
    IN_FORCE = "in-force"
    HELD = "held"
    EXECUTED = "executed"
    REMOVED = "removed-from-control"
    REPEALED = "repealed"
    SUPERSEDED = "superseded"


_STANDING = (DecreeState.ISSUED, DecreeState.IN_FORCE, DecreeState.HELD)
_BINDING = (DecreeState.IN_FORCE, DecreeState.HELD)
_EXECUTED = (DecreeState.EXECUTED,)
_OVER = (DecreeState.EXECUTED, DecreeState.REMOVED, DecreeState.REPEALED, DecreeState.SUPERSEDED)

LIFECYCLE = Lifecycle(
    DecreeState.UNKNOWN,
    Step(DecreeIssued, (DecreeState.UNKNOWN,), DecreeState.ISSUED),
    Step(DecreeEnteredIntoForce, (DecreeState.ISSUED,), DecreeState.IN_FORCE),
    Step(DecreeHeld, (DecreeState.IN_FORCE,), DecreeState.HELD),
    Step(DecreeHeld, _BINDING),
    Step(DecreeConditionFulfilled, _BINDING),
    Step(DecreeConditionWaived, _BINDING),
    Step(DecreeResumed, (DecreeState.HELD,), DecreeState.IN_FORCE),
    Step(DecreeResumed, _BINDING),
    # Of a day on which it still bound; and a hold outlasts what it is on until it is lifted.
    Step(DecreeHeld, _OVER),
    Step(DecreeConditionFulfilled, _OVER),
    Step(DecreeConditionWaived, _OVER),
    Step(DecreeResumed, _OVER),
    Step(DecreeAmended, _STANDING),
    # Older in law than the end, and entered after it.
    Step(DecreeAmended, (DecreeState.REPEALED, DecreeState.SUPERSEDED)),
    Step(DecreeRepealed, _STANDING, DecreeState.REPEALED),
    Step(DecreeSuperseded, _STANDING, DecreeState.SUPERSEDED),
    Step(DecreeExecuted, (DecreeState.IN_FORCE,), DecreeState.EXECUTED),
    Step(DecreeFinalReportSubmitted, _EXECUTED),
    Step(DecreeFinalReportReturned, _EXECUTED),
    Step(DecreeFinalReportApproved, _EXECUTED),
    Step(DecreeRemovedFromControl, _EXECUTED, DecreeState.REMOVED),
)
"""Issued → in force (held ⇄ resumed) → executed → removed from control; or repealed, or superseded."""
