"""Decrees with their articles, and the holds on them."""

from services.registry.views.row import OwnRows, Row, plain
from shared.contracts.registry import (
    DecreeEnteredIntoForce,
    DecreeExecuted,
    DecreeHeld,
    DecreeIssued,
    DecreeResumed,
)
from shared.eventstore.record import Record


class DecreesView(OwnRows):
    """One row for each decree; `holds` are the open ones, `state` is ``held`` while one covers it whole."""

    name = "decrees"
    kind = "decree"
    facets = ("state",)

    def tell(self, row: Row, record: Record) -> None:
        """Change the row by the event."""
        match record.event:
            case DecreeIssued() as issued:
                row |= plain(issued)
                row |= {"state": "issued", "in_force_on": None, "holds": []}
            case DecreeEnteredIntoForce(on=on):
                row |= {"state": "in-force", "in_force_on": on.isoformat()}
            case DecreeHeld() as held:
                row["holds"] = [*row["holds"], {**plain(held), "held_at": record.effective_at.isoformat()}]
                _settle(row)
            case DecreeResumed(hold=hold):
                row["holds"] = [held for held in row["holds"] if held["hold"] != hold]
                _settle(row)
            case DecreeExecuted():
                row["state"] = "executed"


def _settle(row: Row) -> None:
    whole = any(held["article"] is None and held["measure"] is None for held in row["holds"])
    row["state"] = "held" if whole else "in-force"
