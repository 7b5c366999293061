"""Measures, as their rows say and as they stand."""

from services.registry.views.row import OwnRows, Row, plain
from shared.contracts.registry import (
    MeasureAssessed,
    MeasureBlocked,
    MeasureDropped,
    MeasureExecuted,
    MeasureIdentified,
    MeasureListed,
    MeasureOrdered,
    MeasureRetargeted,
)
from shared.eventstore.record import Record


class MeasuresView(OwnRows):
    """One row for each measure."""

    name = "measures"
    kind = "measure"
    version = 3
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
    tallied = ("decree", "state")

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
            case MeasureAssessed(feasibility=feasibility, note=note):
                row |= {"feasibility": feasibility.value, "note": plain(note)}
            case MeasureRetargeted() as retargeted:
                if row["state"] != "ordered" or retargeted.mission != row["mission"]:
                    row |= {"state": "listed", "blocked_by": None, "explanation": None}
                told = plain(retargeted)
                row |= {part: told[part] for part in ("mission", "receiver", "target")}
                row["amended_by"] = retargeted.by
            case MeasureDropped(by=by):
                row |= {"state": "dropped", "amended_by": by}
            case MeasureOrdered():
                row["state"] = "ordered"
            case MeasureExecuted():
                row["state"] = "executed"
