"""Staff, by role only, with the present posting and the past ones."""

from services.registry.views.row import OwnRows, Row
from shared.contracts.registry import (
    StaffErased,
    StaffPersonRecorded,
    StaffPosted,
    StaffReassigned,
    StaffRecalled,
    StaffSeparated,
)
from shared.eventstore.record import Record


class StaffView(OwnRows):
    """One row for each staff member; `outcomes` are the ends of postings, oldest first.

    Of personal data it tells only whether there is any: `none`, `recorded` or `erased`.
    """

    name = "staff"
    kind = "staff"
    facets = ("state", "mission", "category", "authority")

    def tell(self, row: Row, record: Record) -> None:
        """Change the row by the event."""
        match record.event:
            case StaffPosted() as posted:
                row |= {"state": "posted", "mission": posted.mission, "category": posted.category}
                row |= {"authority": posted.authority, "provenance": posted.provenance.value}
                row.setdefault("outcomes", [])
                row.setdefault("personal_data", "none")
            case StaffReassigned() as moved:
                _end(row, "reassigned", moved.from_mission, moved.by, moved.reference)
                row |= {"state": "posted", "mission": moved.mission}
            case StaffRecalled() as recalled:
                _end(row, "recalled", recalled.mission, recalled.by, recalled.reference)
                row |= {"state": "recalled", "mission": None}
            case StaffSeparated() as separated:
                _end(row, "separated", separated.mission, separated.by, separated.reference)
                row |= {"state": "separated", "mission": None}
            case StaffPersonRecorded():
                row["personal_data"] = "recorded"
            case StaffErased():
                row["personal_data"] = "erased"


def _end(row: Row, outcome: str, mission: str, by: str, reference: str | None) -> None:
    ended = {"outcome": outcome, "mission": mission, "by": by, "reference": reference}
    row["outcomes"] = [*row["outcomes"], ended]
