"""Departments by key."""

from services.registry.views.row import OwnRows, Row, plain
from shared.contracts.registry import DepartmentRegistered
from shared.eventstore.record import Record


class DepartmentsView(OwnRows):
    """One row for each department."""

    name = "departments"
    kind = "department"

    def tell(self, row: Row, record: Record) -> None:
        """Change the row by the event."""
        match record.event:
            case DepartmentRegistered(name=name):
                row["name"] = plain(name)
