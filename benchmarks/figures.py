"""Figures, and the way they are taken: ceiling and subject by turns, the medians of several rounds."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from statistics import median

Measure = Callable[[], Awaitable[float]]


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value beside its ceiling.

    `least` and `aim` are ratios of the value to the ceiling; where `unit` is a duration, smaller is
    better and `least` is a bound from above.
    """

    name: str
    unit: str
    value: float
    ceiling_name: str
    ceiling: float
    least: float
    aim: float

    @property
    def ratio(self) -> float:
        """How the value stands to the ceiling."""
        return self.value / self.ceiling

    @property
    def smaller_is_better(self) -> bool:
        """Whether the bounds are bounds from above."""
        return self.unit == "ms"

    @property
    def of_aim(self) -> float:
        """The share of its aim that it reaches; 1 or more where it is met."""
        return self.aim / self.ratio if self.smaller_is_better else self.ratio / self.aim

    @property
    def verdict(self) -> str:
        """``aim``, ``least`` or ``below``: which bound is met."""
        for bound, word in ((self.aim, "aim"), (self.least, "least")):
            if self.ratio <= bound if self.smaller_is_better else self.ratio >= bound:
                return word
        return "below"


async def by_turns(measures: Sequence[Measure], rounds: int) -> list[float]:
    """Take every measure once a round, so that a noisy neighbour disturbs them alike; return medians."""
    taken: list[list[float]] = [[] for _ in measures]
    for _ in range(rounds):
        for values, measure in zip(taken, measures, strict=True):
            values.append(await measure())
    return [median(values) for values in taken]
