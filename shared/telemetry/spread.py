"""Distributions for Prometheus, kept as plain numbers."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from math import inf

from prometheus_client.core import HistogramMetricFamily

QUICK_S = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds, for what is done while somebody waits."""

LATE_S = (0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 1800.0, 3600.0, 21600.0, 86400.0)
"""Seconds, for what is done after its moment: from a heartbeat to a day of outage."""

MANY = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
"""Pieces that are done together."""


class Spread:
    """How often values fell between which bounds, and their sum.

    It is used on the event loop alone, on which it is also read; so it has no lock, and an observation takes
    a fifth of the time of the library's own histogram.
    """

    __slots__ = ("_bounds", "_counts", "_sum")

    def __init__(self, bounds: Sequence[float]) -> None:
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self._sum = 0.0

    def observe(self, value: float) -> None:
        """Count a value; a clock that was set back counts as no time at all."""
        value = max(value, 0.0)
        self._counts[bisect_left(self._bounds, value)] += 1
        self._sum += value

    @property
    def count(self) -> int:
        """How many values were observed."""
        return sum(self._counts)

    @property
    def sum(self) -> float:
        """The sum of all of them."""
        return self._sum

    def buckets(self) -> list[tuple[str, float]]:
        """Return how many values were at most each bound, as Prometheus has it."""
        upto = 0
        buckets: list[tuple[str, float]] = []
        for bound, count in zip((*self._bounds, inf), self._counts, strict=True):
            upto += count
            buckets.append(("+Inf" if bound == inf else str(float(bound)), upto))
        return buckets


def histogram(name: str, text: str, spread: Spread) -> HistogramMetricFamily:
    """Show one distribution."""
    return HistogramMetricFamily(name, text, buckets=spread.buckets(), sum_value=spread.sum)


def histograms(
    name: str, text: str, labels: Sequence[str], spreads: Mapping[tuple[str, ...], Spread]
) -> HistogramMetricFamily:
    """Show several distributions under labels, whose values must be few and known."""
    family = HistogramMetricFamily(name, text, labels=labels)
    for values, spread in spreads.items():
        family.add_metric(values, spread.buckets(), spread.sum)
    return family
