"""Departments by key: names, place, who leads them, who acts for the head, for whom they sign."""

from datetime import datetime

from services.registry.organisation.declared import joined
from services.registry.views import leading
from services.registry.views.row import OwnRows, Row, plain
from shared.contracts import registry as said
from shared.contracts.meta import rfc3339
from shared.domain.leadership import Leadership
from shared.eventstore.record import Record
from shared.service.effective import held_at

SIDES = {f"signs_{side.value}": side.value for side in said.SigningSide}
"""The fields of a row that tell of each side whether it signs for that."""


class DepartmentsView(OwnRows):
    """One row for each department; `heads`, `stand_ins` and `signing` tell from when on, by the clock of law.

    `signs` are the sides for which it signs closing minutes now, null where nothing was ever declared;
    `signs_receiving` and `signs_inspection` tell the same of each side, so that it can be asked for.

    `since` and `until` of a stand-in tell when it counts: what was `given`, within the term of office in
    which it was, and until its early end. What was never in force ends when it would have begun.
    """

    name = "departments"
    kind = "department"
    version = 5
    facets = ("parent", "head", *SIDES)

    def tell(self, row: Row, record: Record) -> None:
        """Change the row by the event."""
        match record.event:
            case said.DepartmentRegistered(name=name):
                row |= {"name": plain(name), "parent": None, "head": None, "heads": [], "stand_ins": []}
                row |= {"signing": []} | _signs(None)
            case said.DepartmentPlaced(parent=parent):
                row["parent"] = parent
            case said.DepartmentSigningDeclared() as declared:
                said_now = declared.model_dump(mode="json", include={"signs", "reference"})
                since = rfc3339(record.effective_at)
                row |= _signs(said_now["signs"])
                row["signing"] = list(joined(row["signing"], said_now | {"since": since}, _since))
            case said.DepartmentHeadAppointed(headship=headship):
                _lead(row, leading.leadership_of(row).led_by(headship))
            case said.DepartmentActingHeadNamed() | said.DepartmentDelegated() as given:
                led = leading.leadership_of(row).with_stand_in(given.stand_in, record.effective_at)
                _lead(row, led, {given.stand_in.key: given.reference})
            case said.DepartmentDelegationEnded(key=key, ended_at=ended_at):
                _lead(row, leading.leadership_of(row).without(key, ended_at))


def _since(entry: Row) -> datetime:
    return datetime.fromisoformat(entry["since"])


def _signs(declared: list[str] | None) -> Row:
    return {"signs": declared} | {name: side in (declared or ()) for name, side in SIDES.items()}


def _lead(row: Row, leadership: Leadership, new: dict[str, str] | None = None) -> None:
    known = {one["key"]: one["reference"] for one in row["stand_ins"]}
    row |= leading.rendered(leadership, known | (new or {}))


def led_at(row: Row, moment: datetime) -> Row:
    """Who led a department at a moment, who could act for the head then, and for whom it signed."""
    declared = held_at(row["signing"], moment)
    return leading.led_at(row, moment) | _signs(None if declared is None else declared["signs"])
