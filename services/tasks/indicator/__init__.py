"""Indicators: baseline, target, measurements, and whether the target was met."""

from services.tasks.indicator.indicator import Indicator
from services.tasks.indicator.refusals import (
    BaselineAfterTarget,
    IndicatorEnded,
    IndicatorExists,
    IndicatorJudged,
    MeasuredAhead,
    TargetNotAhead,
    TargetNotBetter,
    TooManyMeasurements,
    UnknownObjective,
)
from services.tasks.indicator.terms import IndicatorState, Terms
from services.tasks.indicator.trend import Heading, Measurement, Trend, trend_of

__all__ = [
    "BaselineAfterTarget",
    "Heading",
    "Indicator",
    "IndicatorEnded",
    "IndicatorExists",
    "IndicatorJudged",
    "IndicatorState",
    "MeasuredAhead",
    "Measurement",
    "TargetNotAhead",
    "TargetNotBetter",
    "Terms",
    "TooManyMeasurements",
    "Trend",
    "UnknownObjective",
    "trend_of",
]
