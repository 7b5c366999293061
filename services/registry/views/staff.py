"""Staff, by role only, with the present posting, its term, and the past ones."""

from datetime import date, datetime

from services.registry.days import beginning_of
from services.registry.staff.term import overdue_at
from services.registry.views.row import OwnRows, Row
from shared.contracts import registry as said
from shared.contracts.meta import rfc3339
from shared.eventstore.record import Record
from shared.service.effective import open_at
from shared.service.made_due import MADE_DUE_BY, made_due_by

NO_TERM: Row = {
    "posted_on": None,
    "ends_on": None,
    "warn_on": None,
    "near": False,
    "overdue": False,
    MADE_DUE_BY: None,
}
SETS_TERM = (said.StaffPosted, said.StaffReassigned, said.StaffPostingExtended)


class StaffView(OwnRows):
    """One row for each staff member; `outcomes` are the ends of postings, oldest first.

    `postings` tells from when to when the person was posted where, by the clock of fact. `overdue_postings`
    are the last days that passed though nobody had ended the posting; they stay when it is extended, and
    `qualified` tells of each what was so before it and told after it.
    `next_at` is the moment at which the last day will be near, or have passed, and `made_due_by` the event
    that set that day. Of personal data it tells only whether there is any: `none`, `recorded` or `erased`.
    """

    name = "staff"
    kind = "staff"
    version = 3
    facets = ("state", "mission", "category", "authority", "near", "overdue")
    due = "next_at"

    def tell(self, row: Row, record: Record) -> None:
        """Change the row by the event."""
        since = record.effective_at.isoformat()
        match record.event:
            case said.StaffPosted() as posted:
                row |= {"state": "posted", "category": posted.category}
                row |= {"authority": posted.authority, "provenance": posted.provenance.value}
                for name in ("outcomes", "postings", "overdue_postings"):
                    row.setdefault(name, [])
                row.setdefault("personal_data", "none")
                _begin(row, posted, since)
            case said.StaffReassigned() as moved:
                _end(row, "reassigned", moved.from_mission, moved.by, moved.reference, since)
                _begin(row, moved, since)
            case said.StaffRecalled() as recalled:
                _end(row, "recalled", recalled.mission, recalled.by, recalled.reference, since)
                row |= {"state": "recalled", "mission": None} | NO_TERM
            case said.StaffSeparated() as separated:
                _end(row, "separated", separated.mission, separated.by, separated.reference, since)
                row |= {"state": "separated", "mission": None} | NO_TERM
            case said.StaffPersonRecorded():
                row["personal_data"] = "recorded"
            case said.StaffErased():
                row["personal_data"] = "erased"
            case _:
                _tell_term(row, record)
        if isinstance(record.event, SETS_TERM):
            row |= made_due_by(record)
        row["next_at"] = _next(row)


def _tell_term(row: Row, record: Record) -> None:
    match record.event:
        case said.StaffPostingCapApproaching():
            row["near"] = True
        case said.StaffPostingOverdue(mission=mission, ends_on=ends_on):
            row |= {"near": False, "overdue": True}
            passed = {"mission": mission, "ends_on": ends_on.isoformat(), "qualified": []}
            row["overdue_postings"] = [*row["overdue_postings"], passed]
        case said.StaffOverdueQualified() as beside:
            row["overdue_postings"] = _qualified(row["overdue_postings"], beside)
        case said.StaffPostingExtended(ends_on=ends_on, warn_on=warn_on):
            row |= {"ends_on": ends_on.isoformat(), "warn_on": warn_on.isoformat()}
            row |= {"near": False, "overdue": False}


def _qualified(passed: list[Row], beside: said.StaffOverdueQualified) -> list[Row]:
    told = beside.model_dump(mode="json")
    last = max(
        number
        for number, one in enumerate(passed)
        if (one["mission"], one["ends_on"]) == (told["mission"], told["ends_on"])
    )
    ground = {"ground": told["ground"], "effective_at": rfc3339(beside.effective_at)}
    changed = passed[last] | {"qualified": [*passed[last]["qualified"], ground]}
    return [*passed[:last], changed, *passed[last + 1 :]]


def _begin(row: Row, event: said.StaffPosted | said.StaffReassigned, since: str) -> None:
    row |= NO_TERM | {"mission": event.mission}
    row |= event.model_dump(mode="json", include={"posted_on", "ends_on", "warn_on"})
    row["postings"] = [*row["postings"], {"mission": event.mission, "since": since, "until": None}]


def _end(row: Row, outcome: str, mission: str, by: str, reference: str | None, until: str) -> None:
    ended = {"outcome": outcome, "mission": mission, "by": by, "reference": reference}
    row["outcomes"] = [*row["outcomes"], ended]
    *before, last = row["postings"]
    row["postings"] = [*before, last | {"until": until}]


def _next(row: Row) -> str | None:
    if row["ends_on"] is None or row["overdue"]:
        return None
    if not row["near"] and row["warn_on"] is not None:
        return rfc3339(beginning_of(date.fromisoformat(row["warn_on"])))
    return rfc3339(overdue_at(date.fromisoformat(row["ends_on"])))


def posted_at(row: Row, moment: datetime) -> Row:
    """Where a person was posted at a moment: the mission, or none."""
    spans = open_at(row["postings"], moment)
    return {"mission": spans[-1]["mission"] if spans else None}
