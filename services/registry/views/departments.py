"""Departments by key: names, place, who leads them, who acts for the head, for whom they sign."""

from datetime import datetime

from services.registry.views.row import OwnRows, Row, plain
from shared.contracts import registry as said
from shared.contracts.delegation import Headship, StandIn
from shared.contracts.meta import rfc3339
from shared.eventstore.record import Record
from shared.service.effective import held_at, open_at

SIDES = {f"signs_{side.value}": side.value for side in said.SigningSide}
"""The fields of a row that tell of each side whether it signs for that."""


class DepartmentsView(OwnRows):
    """One row for each department; `heads`, `stand_ins` and `signing` tell from when on, by the clock of law.

    `signs` are the sides for which it signs closing minutes now, null where nothing was ever declared;
    `signs_receiving` and `signs_inspection` tell the same of each side, so that it can be asked for.

    A delegation ends at its `until`, or before that with its early end or with the office of its head. One
    that ended before it began was never in force: it ends when it would have begun.
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
                row |= _signs(said_now["signs"])
                row["signing"] = [*row["signing"], said_now | {"since": rfc3339(record.effective_at)}]
            case said.DepartmentHeadAppointed(headship=headship):
                row["head"] = headship.head
                row["heads"] = [*row["heads"], plain(headship) | {"since": rfc3339(headship.since)}]
                row["stand_ins"] = [_lapsed(one, headship) for one in row["stand_ins"]]
            case said.DepartmentActingHeadNamed(stand_in=stand_in, reference=reference):
                row["stand_ins"] = [*row["stand_ins"], _stand_in(stand_in, reference)]
            case said.DepartmentDelegated(stand_in=stand_in, reference=reference):
                row["stand_ins"] = [*row["stand_ins"], _stand_in(stand_in, reference)]
            case said.DepartmentDelegationEnded(key=key, ended_at=ended_at):
                row["stand_ins"] = [
                    _ended(one, rfc3339(ended_at)) if one["key"] == key else one for one in row["stand_ins"]
                ]


def _signs(declared: list[str] | None) -> Row:
    return {"signs": declared} | {name: side in (declared or ()) for name, side in SIDES.items()}


def _stand_in(stand_in: StandIn, reference: str) -> Row:
    told = stand_in.model_dump(mode="json", exclude={"ended_at"})
    since, until = rfc3339(stand_in.since), rfc3339(stand_in.until)
    return told | {"since": since, "until": until, "reference": reference}


def _lapsed(one: Row, headship: Headship) -> Row:
    return one if one["head"] == headship.head else _ended(one, rfc3339(headship.since))


def _ended(one: Row, ended_at: str) -> Row:
    return one | {"until": max(one["since"], min(one["until"], ended_at))}


def led_at(row: Row, moment: datetime) -> Row:
    """Who led a department at a moment, who could act for the head then, and for whom it signed."""
    headship, declared = held_at(row["heads"], moment), held_at(row["signing"], moment)
    return {
        "head": None if headship is None else headship["head"],
        "stand_ins": open_at(row["stand_ins"], moment),
        **_signs(None if declared is None else declared["signs"]),
    }
