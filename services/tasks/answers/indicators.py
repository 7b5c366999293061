"""What is told of indicators."""

from pydantic import AwareDatetime

from services.tasks.indicator import IndicatorState
from services.tasks.indicator.trend import Heading
from services.tasks.views.indicators import VERDICT
from shared.contracts.tasks import (
    IndicatorDefined,
    IndicatorMeasured,
    IndicatorMissQualified,
    IndicatorTargetMissed,
)
from shared.service.made_due import MadeDueBy
from shared.web import AnswerModel, shows, sometimes


@shows(IndicatorMeasured, ("value", "source"))
class Superseded(AnswerModel):
    """A value of a day that another one took the place of."""

    recorded_at: AwareDatetime


@shows(IndicatorMeasured, ("on", "value", "source", "evidence", "by"))
class Value(AnswerModel):
    """The present value of a day."""

    recorded_at: AwareDatetime
    superseded: list[Superseded]


class Trend(AnswerModel):
    """Where the values head, as decimals in texts."""

    heading: Heading
    change_in_30_days: str
    projected: str


@shows(IndicatorTargetMissed, VERDICT)
class Verdict(AnswerModel):
    """What was told at the end of the target's day."""

    corrected: bool | None = sometimes()


@shows(IndicatorMissQualified, ("reached", "value", "on"))
class VerdictQualified(AnswerModel):
    """What was told last beside a miss."""


class IndicatorRow(AnswerModel, IndicatorDefined):
    """An indicator: its values by day, the trend, and whether the target was met."""

    state: IndicatorState
    next_at: AwareDatetime | None
    made_due_by: MadeDueBy
    values: list[Value]
    trend: Trend | None
    verdict: Verdict | None
    qualified: VerdictQualified | None
    reason: str | None
    version: int


class IndicatorStands(AnswerModel):
    """How an indicator stands after a command."""

    indicator: str
    state: IndicatorState
