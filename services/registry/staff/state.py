"""Where a staff member stands, and which events lead there."""

from enum import StrEnum

from shared.contracts.registry import (
    StaffOverdueQualified,
    StaffPosted,
    StaffPostingCapApproaching,
    StaffPostingExtended,
    StaffPostingOverdue,
    StaffReassigned,
    StaffRecalled,
    StaffSeparated,
)
from shared.domain import Lifecycle, Step


class StaffState(StrEnum):
    """Where a staff member stands."""

    UNKNOWN = "unknown"
    POSTED = "posted"
    RECALLED = "recalled"
    SEPARATED = "separated"


_POSTED = (StaffState.POSTED,)

LIFECYCLE = Lifecycle(
    StaffState.UNKNOWN,
    Step(StaffPosted, (StaffState.UNKNOWN, StaffState.RECALLED), StaffState.POSTED),
    Step(StaffReassigned, _POSTED),
    Step(StaffPostingCapApproaching, _POSTED),
    Step(StaffPostingOverdue, _POSTED),
    Step(StaffOverdueQualified, _POSTED),
    Step(StaffPostingExtended, _POSTED),
    Step(StaffRecalled, _POSTED, StaffState.RECALLED),
    Step(StaffSeparated, _POSTED, StaffState.SEPARATED),
)
"""Posted → reassigned, warned, overdue, extended → recalled or separated; after a recall posted again."""
