"""What an indicator is defined with, and where it stands."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from shared.contracts import tasks as said
from shared.contracts.text import Text
from shared.domain import Lifecycle, Step


class IndicatorState(StrEnum):
    """running → met | missed; met → missed where a value is corrected; withdrawn before it is judged."""

    UNKNOWN = "unknown"
    RUNNING = "running"
    MET = "met"
    MISSED = "missed"
    WITHDRAWN = "withdrawn"


_MEASURED = (IndicatorState.RUNNING, IndicatorState.MET, IndicatorState.MISSED)

LIFECYCLE = Lifecycle(
    IndicatorState.UNKNOWN,
    Step(said.IndicatorDefined, (IndicatorState.UNKNOWN,), IndicatorState.RUNNING),
    Step(said.IndicatorMeasured, _MEASURED),
    Step(said.IndicatorTargetMet, (IndicatorState.RUNNING,), IndicatorState.MET),
    Step(said.IndicatorTargetMissed, (IndicatorState.RUNNING, IndicatorState.MET), IndicatorState.MISSED),
    Step(said.IndicatorMissQualified, (IndicatorState.MISSED,)),
    Step(said.IndicatorWithdrawn, (IndicatorState.RUNNING,), IndicatorState.WITHDRAWN),
)


@dataclass(frozen=True, slots=True)
class Terms:
    """What an indicator is defined with; see `IndicatorDefined`."""

    objective: str
    mission: str | None
    name: Text
    unit: Text
    direction: said.Direction
    baseline: Decimal
    baseline_on: date | None
    target: Decimal
    target_on: date
