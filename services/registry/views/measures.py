"""Measures, as their rows say and as they stand."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from services.registry.days import beginning_of
from services.registry.measure.row import Parts, RowChange, change_of, identified, in_law
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
from shared.service.effective import Entry, told_at

PARTS = ("mission", "receiver", "target")
STEP = ("state", "blocked_by", "explanation")
"""What a step of its life tells of a row."""


class MeasuresView(OwnRows):
    """One row for each measure: what it says now, by the order of law.

    `amendments` are what later decrees say of it, in the order of recording, each with `since` when it
    counts; `amended_by` is the last of them in law, or the one that added the row (`added_by`) or took it
    out. `standing` tells from which moment in law on which step of its life held, `named` what table and
    identifications name, both in the order of recording.
    """

    name = "measures"
    kind = "measure"
    version = 5
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
        at = record.effective_at.isoformat()
        match record.event:
            case MeasureListed() as listed:
                row |= plain(listed) | {"amendments": [], "standing": [], "named": []}
                row["added_by"] = listed.amended_by
                _name(row, _parts(row), _since(listed.on, record))
                _step(row, "listed", _since(listed.on, record))
            case MeasureIdentified() as found:
                told = Parts(found.mission, found.receiver, found.target)
                _name(row, identified(_parts(row["named"][-1]), _parts(row), told), at)
                row |= plain(found)
                _step(row, "listed", at)
            case MeasureBlocked(reason=reason, explanation=explanation):
                _step(row, "blocked", at, {"blocked_by": reason.value, "explanation": plain(explanation)})
            case MeasureAssessed(feasibility=feasibility, note=note):
                row |= {"feasibility": feasibility.value, "note": plain(note)}
            case MeasureRetargeted() as retargeted:
                if row["state"] != "ordered" or retargeted.mission != row["mission"]:
                    _step(row, "listed", _since(retargeted.on, record))
                _tell_amendment(row, retargeted, record)
            case MeasureAmendedInPast(dropped=True, by=by, on=on) | MeasureDropped(by=by, on=on):
                row["amended_by"] = by
                why = {name: row[name] for name in ("blocked_by", "explanation", "amended_by")}
                _step(row, "dropped", _since(on, record), why)
            case MeasureAmendedInPast() as past:
                _tell_amendment(row, past, record)
            case MeasureOrdered():
                _step(row, "ordered", at)
            case MeasureExecuted():
                _step(row, "executed", at)


def _step(row: Row, state: str, since: str, why: Row | None = None) -> None:
    step = {"state": state, "blocked_by": None, "explanation": None} | (why or {})
    row |= step
    row["standing"] = [*row["standing"], step | {"since": since}]


def _name(row: Row, named: Parts, since: str) -> None:
    row["named"] = [*row["named"], _told(named) | {"since": since}]


def _tell_amendment(row: Row, event: MeasureRetargeted | MeasureAmendedInPast, record: Record) -> None:
    changes = [_change(one) for one in row["amendments"]]
    change = change_of(event, _parts(row), changes)
    entry = {"by": change.by, "on": change.on.isoformat(), **plain(change.says)}
    row["amendments"] = [*row["amendments"], entry | {"since": _since(change.on, record)}]
    now = plain(event)
    row |= {part: now[part] for part in PARTS}
    if row["state"] != "dropped":
        row["amended_by"] = _last((*changes, change))


def _since(on: date | None, record: Record) -> str:
    """From when on it counts: what a later decree does, from its day, as it began in UTC or further east."""
    counts = record.effective_at if on is None else min(beginning_of(on), record.effective_at)
    return counts.isoformat()


def _change(entry: Row) -> RowChange:
    return RowChange(
        entry["by"], date.fromisoformat(entry["on"]), RowText(**{name: entry[name] for name in PARTS})
    )


def _parts(told: Entry) -> Parts:
    target = told["target"]
    return Parts(told["mission"], told["receiver"], None if target is None else Target(**target))


def _told(parts: Parts) -> Row:
    target = None if parts.target is None else plain(parts.target)
    return {"mission": parts.mission, "receiver": parts.receiver, "target": target}


def _last(changes: Iterable[RowChange]) -> str:
    return sorted(changes, key=lambda change: change.on)[-1].by


def row_in_law_at(row: Row, moment: datetime) -> Row:
    """What a row was at a moment: how far it had come, and what it said by the amendments of then.

    What a later decree changes counts from the day that it names, in UTC, and what an identification names
    from when that was so. A row that was in no table by then has no state and says nothing.
    """
    step, named = told_at(row["standing"], moment), told_at(row["named"], moment)
    if step is None or named is None:
        return dict.fromkeys((*STEP, *PARTS, "amended_by")) | {"amendments": []}
    by_then: list[Any] = [one for one in row["amendments"] if datetime.fromisoformat(one["since"]) <= moment]
    changes = [_change(one) for one in by_then]
    return {
        **{name: step[name] for name in STEP},
        **_told(in_law(_parts(named), changes)),
        "amended_by": step["amended_by"] if "amended_by" in step else _amended_by(row, changes),
        "amendments": by_then,
    }


def _amended_by(row: Row, changes: Sequence[RowChange]) -> str | None:
    added_by: str | None = row["added_by"]
    return _last(changes) if changes else added_by
