"""Measures, as their rows say and as they stand."""

from collections.abc import Iterable
from datetime import date

from services.registry.measure.row import Parts, RowChange, change_of
from services.registry.views.row import OwnRows, Row, plain
from shared.contracts.registry import (
    MeasureAmendedInPast,
    MeasureAssessed,
    MeasureBlocked,
    MeasureDropped,
    MeasureExecuted,
    MeasureIdentified,
    MeasureListed,
    MeasureOrdered,
    MeasureRetargeted,
    RowText,
    Target,
)
from shared.eventstore.record import Record


class MeasuresView(OwnRows):
    """One row for each measure: what it says now, by the order of law.

    `amendments` are what later decrees say of it, in the order of recording; `amended_by` is the last of them
    in law, or the one that added the row or took it out.
    """

    name = "measures"
    kind = "measure"
    version = 4
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
                row |= {"state": "listed", "blocked_by": None, "explanation": None, "amendments": []}
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
                _tell_amendment(row, retargeted)
            case MeasureAmendedInPast(dropped=True, by=by):
                row["amended_by"] = by
            case MeasureAmendedInPast() as past:
                _tell_amendment(row, past)
            case MeasureDropped(by=by):
                row |= {"state": "dropped", "amended_by": by}
            case MeasureOrdered():
                row["state"] = "ordered"
            case MeasureExecuted():
                row["state"] = "executed"


def _tell_amendment(row: Row, event: MeasureRetargeted | MeasureAmendedInPast) -> None:
    known = Parts(row["mission"], row["receiver"], _target(row["target"]))
    changes = [_change(one) for one in row["amendments"]]
    change = change_of(event, known, changes)
    says = plain(change.says)
    row["amendments"] = [*row["amendments"], {"by": change.by, "on": change.on.isoformat(), **says}]
    now = plain(event)
    row |= {part: now[part] for part in ("mission", "receiver", "target")}
    if row["state"] != "dropped":
        row["amended_by"] = _last((*changes, change))


def _change(entry: Row) -> RowChange:
    says = {name: entry[name] for name in ("mission", "receiver", "target")}
    return RowChange(entry["by"], date.fromisoformat(entry["on"]), RowText(**says))


def _target(told: Row | None) -> Target | None:
    return None if told is None else Target(**told)


def _last(changes: Iterable[RowChange]) -> str:
    return sorted(changes, key=lambda change: change.on)[-1].by
