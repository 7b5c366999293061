"""Measures, as their rows say and as they stand."""

from services.registry.views.row import OwnRows, Row, plain
from shared.contracts.registry import (
    MeasureBlocked,
    MeasureExecuted,
    MeasureIdentified,
    MeasureListed,
    MeasureOrdered,
)
from shared.eventstore.record import Record


class MeasuresView(OwnRows):
    """One row for each measure."""

    name = "measures"
    kind = "measure"
    facets = (
        "decree",
        "article",
        "state",
        "measure_kind",
        "feasibility",
        "confidence",
        "mission",
        "receiver",
    )

    def tell(self, row: Row, record: Record) -> None:
        """Change the row by the event."""
        match record.event:
            case MeasureListed() as listed:
                row |= plain(listed)
                row |= {"state": "listed", "blocked_by": None, "explanation": None}
            case MeasureIdentified() as found:
                row |= plain(found)
                row |= {"state": "listed", "blocked_by": None, "explanation": None}
            case MeasureBlocked(reason=reason, explanation=explanation):
                row |= {"state": "blocked", "blocked_by": reason.value, "explanation": plain(explanation)}
            case MeasureOrdered():
                row["state"] = "ordered"
            case MeasureExecuted():
                row["state"] = "executed"
