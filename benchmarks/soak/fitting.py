"""Whether something grows: a straight line through means, its slope an hour, and how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean

BINS = 12
"""Means that a line is laid through: samples next to one another say much the same."""

Series = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Trend:
    """A trend after the warm-up.

    Attributes:
        mean: of all values.
        highest: of all values.
        slope: growth an hour.
        noise: two standard errors of the slope.
        bound: what growth an hour counts as none; None where growth is not judged.
    """

    mean: float
    highest: float
    slope: float
    noise: float
    bound: float | None

    @property
    def flat(self) -> bool:
        """Whether it grows by no more than the bound, or than noise could make it seem."""
        return self.bound is None or self.slope <= max(self.bound, self.noise)


def trend(series: Series, since: float, bound: float | None) -> Trend | None:
    """Lay a line through what was seen since a moment (seconds); None where too little was seen."""
    seen = [(at, value) for at, value in series if at >= since]
    if len(seen) < BINS:
        return None
    size = len(seen) / BINS
    bins = [seen[int(n * size) : int((n + 1) * size)] for n in range(BINS)]
    hours = [fmean(at for at, _ in part) / 3600 for part in bins]
    values = [fmean(value for _, value in part) for part in bins]
    middle, mean = fmean(hours), fmean(values)
    spread = sum((at - middle) ** 2 for at in hours)
    slope = sum((at - middle) * (value - mean) for at, value in zip(hours, values, strict=True)) / spread
    left = sum((v - mean - slope * (at - middle)) ** 2 for at, v in zip(hours, values, strict=True))
    noise = 2 * sqrt(left / (BINS - 2) / spread)
    return Trend(fmean(v for _, v in seen), max(v for _, v in seen), slope, noise, bound)
