"""Indicators: how far an objective of a decree is reached, measured in numbers."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from shared.contracts.identity import Token
from shared.contracts.tasks.base import Evidence, TasksEvent
from shared.contracts.text import Text


class Direction(StrEnum):
    """Whether more is better, or less."""

    UP = "up"
    DOWN = "down"


class IndicatorFact(TasksEvent):
    """What every event of an indicator says about it. Values are decimals, written as texts."""

    indicator: Token
    decree: Token
    objective: Token
    mission: Token | None


class IndicatorDefined(IndicatorFact, type="indicator.defined"):
    """From `baseline` (as of `baseline_on`, where that is known) the `target` is to be reached by a date.

    `target_at` is the end of the day `target_on`, in the zone of the calendar.
    """

    name: Text
    unit: Text
    direction: Direction
    baseline: Decimal
    baseline_on: date | None
    target: Decimal
    target_on: date
    target_at: datetime
    calendar: Token
    calendar_version: int
    by: tuple[str, ...]
    defined_at: datetime | None = None


class IndicatorMeasured(IndicatorFact, type="indicator.measured"):
    """The value of a day. One of the same day that was told before is superseded by it, and stays told."""

    value: Decimal
    on: date
    source: str
    evidence: Evidence | None
    supersedes: Decimal | None
    by: tuple[str, ...]


class IndicatorTargetMet(IndicatorFact, type="indicator.target-met"):
    """At the end of the target's day, the newest value of a day until then had reached it."""

    target: Decimal
    target_on: date
    value: Decimal
    on: date
    late: bool


class IndicatorTargetMissed(IndicatorFact, type="indicator.target-missed"):
    """At the end of the target's day it was not reached, or nothing was measured; that stands for good.

    `corrected` is whether it was told to be met before a value was corrected.
    """

    target: Decimal
    target_on: date
    target_at: datetime
    value: Decimal | None
    on: date | None
    late: bool
    corrected: bool


class IndicatorMissQualified(IndicatorFact, type="indicator.miss-qualified"):
    """A value that was told after the miss says that the target was reached in time, or says so no more."""

    target_on: date
    reached: bool
    value: Decimal
    on: date


class IndicatorWithdrawn(IndicatorFact, type="indicator.withdrawn"):
    """It is measured no more, and its target is not judged."""

    reason: str
    by: tuple[str, ...]
