"""One row per indicator: its values by day, the trend, and whether the target was met."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from services.tasks.indicator import IndicatorState, Measurement, trend_of
from shared.contracts import tasks as said
from shared.eventstore.record import Record
from shared.projections.view import View
from shared.service.made_due import made_due_by

VERDICT = ("value", "on", "late")


class IndicatorsView(View):
    """Answers how indicators stand. Values are decimals, written as texts.

    `values` has the present value of each day, with those that it superseded, the oldest first; `verdict` is
    what was told at the target's day, and `qualified` the last thing told beside a miss. `next_at` is the
    moment at which the target is judged, None once it is, and `made_due_by` the event that defined it.
    """

    name = "indicators"
    version = 2
    facets = ("decree", "objective", "mission", "state")
    due = "next_at"

    def keys(self, record: Record) -> Iterable[str]:
        """The indicator itself."""
        return (record.id,) if record.kind == "indicator" else ()

    def fold(self, key: str, doc: dict[str, Any] | None, record: Record) -> dict[str, Any] | None:
        """Apply one event of the indicator."""
        event = record.event
        told = event.model_dump(mode="json")
        row: dict[str, Any] = {} if doc is None else doc
        match event:
            case said.IndicatorDefined():
                row = told | {"state": IndicatorState.RUNNING.value, "next_at": told["target_at"]}
                row |= made_due_by(record)
                row |= {"values": [], "trend": None, "verdict": None, "qualified": None, "reason": None}
            case said.IndicatorMeasured():
                row["values"] = _with(row["values"], told, record)
                row["trend"] = _trend(row)
            case said.IndicatorTargetMet():
                row |= {"state": IndicatorState.MET.value, "next_at": None}
                row["verdict"] = {name: told[name] for name in VERDICT}
            case said.IndicatorTargetMissed():
                row |= {"state": IndicatorState.MISSED.value, "next_at": None}
                row["verdict"] = {name: told[name] for name in (*VERDICT, "corrected")}
            case said.IndicatorMissQualified():
                row["qualified"] = {name: told[name] for name in ("reached", "value", "on")}
            case said.IndicatorWithdrawn():
                row |= {"state": IndicatorState.WITHDRAWN.value, "next_at": None, "reason": told["reason"]}
        return row | {"version": record.version}


def _with(values: list[dict[str, Any]], told: dict[str, Any], record: Record) -> list[dict[str, Any]]:
    before = next((one for one in values if one["on"] == told["on"]), None)
    new = {name: told[name] for name in ("on", "value", "source", "evidence", "by")}
    new |= {"recorded_at": record.recorded_at.isoformat(), "superseded": []}
    if before is not None:
        old = {name: before[name] for name in ("value", "source", "recorded_at")}
        new["superseded"] = [*before["superseded"], old]
    others = [one for one in values if one["on"] != told["on"]]
    return sorted([*others, new], key=lambda one: str(one["on"]))


def _trend(row: dict[str, Any]) -> dict[str, str] | None:
    measured = [Measurement(date.fromisoformat(one["on"]), Decimal(one["value"])) for one in row["values"]]
    trend = trend_of(measured, said.Direction(row["direction"]), date.fromisoformat(row["target_on"]))
    if trend is None:
        return None
    return {
        "heading": trend.heading.value,
        "change_in_30_days": str(trend.change),
        "projected": str(trend.projected),
    }
