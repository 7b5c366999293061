"""Which series are fitted, and how much growth an hour counts as none."""

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.soak.fitting import Series, Trend, trend
from benchmarks.soak.plan import Plan
from benchmarks.soak.sampling import Samples

MEMORY = 24.0
"""MiB an hour of one process: notifications, answers and histories fill bounded caches meanwhile."""

DESCRIPTORS = 6.0
"""In all the time that is fitted: what the pool of a process may open on demand. Of a leak with each kill
there would be ten times as many."""
THREADS = 2.0
CONNECTIONS = 24.0
"""In all that time: the pools of the four processes that live so long."""
LAG = 60.0
"""Events an hour: three seconds of the load."""
TABLE = 32.0
"""KiB of a hot table in all that time: four pages, for the versions of rows that the longest reading so far
still saw. Of rows that nobody cleans up there would be thousands."""


@dataclass(frozen=True)
class Row:
    """A series and its trend."""

    name: str
    trend: Trend


def rows_of(plan: Plan, samples: Samples) -> Iterator[Row]:
    """Fit everything."""
    hours = (plan.seconds - plan.warm_from) / 3600
    for name, looks in samples.processes.items():
        last = looks[-1][1].pid
        lived = [(at, found) for at, found in looks if found.pid == last]
        engine = not name.endswith(("-a", "-b"))
        if name.endswith("-b") or (not engine and lived[0][0] > plan.warm_from):
            continue
        parts: list[tuple[str, Series, float | None]] = [
            (f"{name}: memory, MiB", [(at, one.memory) for at, one in lived], MEMORY),
            (f"{name}: descriptors", [(at, one.descriptors) for at, one in lived], DESCRIPTORS / hours),
            (f"{name}: threads", [(at, one.threads) for at, one in lived], THREADS),
        ]
        for what, series, bound in parts:
            yield from _row(what, series, plan.warm_from, None if engine else bound)
    for name, values in sorted(samples.series.items()):
        yield from _row(name, values, plan.warm_from, _bound(name, hours))


def _row(name: str, series: Series, since: float, bound: float | None) -> Iterator[Row]:
    found = trend(series, since, bound)
    if found is not None:
        yield Row(name, found)


def _bound(name: str, hours: float) -> float | None:
    if " lag of " in name:
        return LAG
    if name.startswith("parked"):
        return 0.0
    if name == "connections":
        return CONNECTIONS / hours
    if name.endswith("KiB"):
        return TABLE / hours
    return None
