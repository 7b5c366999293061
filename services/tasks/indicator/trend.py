"""Where an indicator is heading: the line that Theil and Sen fit through its measurements.

Its slope is the median of the slopes between every two measurements, and its height the median of what each
measurement leaves over (P. K. Sen, 1968). One wrong value does not turn it, as it would turn a line of least
squares; and where there are only a few values, every one counts. Reckoned in fractions, so that the same
measurements give the same trend everywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import combinations
from statistics import median

from shared.contracts.tasks import Direction

NEWEST = 24
"""The measurements that count, so that what was long ago no longer does: two years of months."""

DAYS = 30
"""The days for which the change is told."""

_PLACES = Decimal("0.000001")


class Heading(StrEnum):
    """Whether it gets better or worse."""

    IMPROVING = "improving"
    STEADY = "steady"
    WORSENING = "worsening"


@dataclass(frozen=True, slots=True)
class Measurement:
    """The value of a day."""

    on: date
    value: Decimal


@dataclass(frozen=True, slots=True)
class Trend:
    """The change in 30 days, to six places, and the value that the line gives for a day (the target's)."""

    heading: Heading
    change: Decimal
    projected: Decimal


def trend_of(measurements: Sequence[Measurement], direction: Direction, day: date) -> Trend | None:
    """Fit the newest measurements, one of a day; None where there are fewer than two."""
    newest = sorted(measurements, key=lambda one: one.on)[-NEWEST:]
    if len(newest) < 2:
        return None
    points = [(one.on.toordinal() - day.toordinal(), Fraction(one.value)) for one in newest]
    slope = median((y2 - y1) / (x2 - x1) for (x1, y1), (x2, y2) in combinations(points, 2))
    height = median(y - slope * x for x, y in points)
    better = slope if direction is Direction.UP else -slope
    heading = Heading.STEADY
    if better:
        heading = Heading.IMPROVING if better > 0 else Heading.WORSENING
    return Trend(heading, _decimal(slope * DAYS), _decimal(height))


def _decimal(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(_PLACES)
