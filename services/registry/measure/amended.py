"""What amendments do to a row: in the present, or for days that are over.

For `services.registry.amending` alone, which decides on the missions too.
"""

from datetime import date
from typing import Any

from services.registry.measure.measure import Measure
from services.registry.measure.row import Parts, RowChange, in_law, is_latest
from shared.contracts.registry import MeasureAmendedInPast, MeasureDropped, MeasureRetargeted, RowText
from shared.domain import Moment, Text


def moves(measure: Measure, change: RowChange) -> bool:
    """Whether a change is of the present: the last word on the row, or another part of it now."""
    return measure.open and (
        is_latest(change, measure.changes) or measure.parts_with(change) != measure.parts
    )


def check_sayable(measure: Measure, change: RowChange) -> None:
    """Refuse a change with which the row would name, on any day since, a receiver that it cannot have."""
    kind, changes = measure.listed.measure_kind, (*measure.changes, change)
    for day in (change.on, *(other.on for other in measure.changes if other.on > change.on)):
        stood = in_law(measure.named, changes, day)
        measure.check_receiver(kind, stood.mission, stood.receiver)


def retarget(
    measure: Measure, change: RowChange, void: tuple[int, ...], note: Text | None, moment: Moment
) -> None:
    """Take what an amendment says of the row.

    An order for the same mission goes on; otherwise the row is to be ordered again.
    """
    measure.must_be_open()
    check_sayable(measure, change)
    retargeted = MeasureRetargeted(
        **_told(measure, change, measure.parts_with(change), note),
        former_mission=measure.mission,
        former_receiver=measure.receiver,
        void=void,
    )
    measure.record(retargeted, moment)


def amend_in_past(measure: Measure, change: RowChange, note: Text | None, moment: Moment) -> None:
    """Take what an amendment says of the row for days that are over."""
    check_sayable(measure, change)
    told = _told(measure, change, measure.parts_with(change), note)
    measure.record(MeasureAmendedInPast(**told), moment)


def drop_in_past(measure: Measure, by: str, on: date, moment: Moment) -> None:
    """Note that a row which is dropped was so from an earlier day."""
    told = _told(measure, RowChange(by, on, RowText()), measure.parts, None)
    measure.record(MeasureAmendedInPast(**told, dropped=True), moment)


def drop(measure: Measure, by: str, on: date, moment: Moment) -> None:
    """Take the row out."""
    row = measure.must_be_open()
    dropped = MeasureDropped(
        decree=row.decree,
        article=row.article,
        mission=measure.mission,
        receiver=measure.receiver,
        by=by,
        on=on,
    )
    measure.record(dropped, moment)


def _told(measure: Measure, change: RowChange, after: Parts, note: Text | None) -> dict[str, Any]:
    """What the events of a change have in common: what it says, and what the row says with it."""
    return {
        "decree": measure.listed.decree,
        "article": measure.listed.article,
        "by": change.by,
        "on": change.on,
        "mission": after.mission,
        "receiver": after.receiver,
        "target": after.target,
        "note": note,
        "says": change.says,
    }
