"""SOAK.md: what was done, what was broken, what was found, and every trend with its verdict."""

import os
import platform
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from benchmarks.soak.breaking import Break
from benchmarks.soak.load import Heard
from benchmarks.soak.plan import Plan
from benchmarks.soak.sampling import HOT, Samples
from benchmarks.soak.trends import Row, rows_of
from deploy.catalogue import SERVICES

ENDS_WITHIN = 10.0


@dataclass
class Outcome:
    """Everything that came of a soak; durations in seconds.

    Attributes:
        rested: from the last answer until everything was in step.
        ended: the slowest end of a replica by SIGTERM, without load.
        warnings: what replicas warned of, and how often.
        notified: webhooks received, and how many of them came again.
    """

    plan: Plan
    heard: Heard
    samples: Samples
    broken: list[Break]
    rested: float
    ended: float
    wrong: list[str]
    warnings: Counter[str]
    notified: tuple[int, int]


def document(outcome: Outcome) -> tuple[str, bool]:
    """Render the document; tell whether all is well too."""
    rows = list(rows_of(outcome.plan, outcome.samples))
    growing = [row.name for row in rows if not row.trend.flat]
    slow = [one for one in outcome.broken if one.how == "SIGTERM" and one.ended_in > ENDS_WITHIN]
    verdicts = [
        *(f"**wrong**: {what}" for what in outcome.wrong[:50]),
        *(f"**grows**: {name}" for name in growing),
        *(f"**slow**: {one.what} took {one.ended_in:.1f} s to end" for one in slow),
    ]
    lines = [
        "# Soak",
        "",
        *_what_was_done(outcome),
        "",
        *(
            [f"- {verdict}" for verdict in verdicts]
            or ["Nothing was lost, nothing happened twice, every log verified, and nothing grew."]
        ),
        "",
        *_latencies(outcome),
        "",
        *_breaks(outcome.broken),
        "",
        *_trends(outcome.plan, rows),
    ]
    return "\n".join(lines) + "\n", not verdicts


def _what_was_done(outcome: Outcome) -> Iterator[str]:
    plan, heard = outcome.plan, outcome.heard
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    day, pace = datetime.now(UTC), f"{plan.minutes:g} minutes at {plan.rate:g} commands a second"
    yield f"`make soak`, {day:%d %B %Y}: {pace}, two replicas of"
    yield f"every service, on {os.cpu_count()} cores, {memory:.0f} GiB of memory, Python"
    yield f"{platform.python_version()}. Engines, services and load share the machine."
    yield ""
    yield f"- {len(heard.told):,} commands were answered by a success."
    yield f"- Sent again under the same key: {_counted(heard.again)}."
    yield f"- Refused by a rule: {_counted(heard.refused)}."
    came, repeated = outcome.notified
    yield f"- {came:,} webhooks arrived, {repeated} of them again under the same id."
    yield f"- Everything was in step {outcome.rested:.1f} s after the last answer; the slowest replica ended"
    yield f"  {outcome.ended:.1f} s after SIGTERM then."
    yield f"- Replicas warned of: {_counted(outcome.warnings)}."
    yield f"- {outcome.samples.missed} samples were missed during outages."


def _counted(what: Counter[str]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in what.most_common()) or "nothing"


def _latencies(outcome: Outcome) -> Iterator[str]:
    yield "Latency of commands from the moment for which they were planned, by quarters of the time, outages"
    yield "included:"
    yield ""
    yield "| | p50 | p90 | p99 | longest |"
    yield "|---|---|---|---|---|"
    quarter = outcome.plan.seconds / 4
    for number in range(4):
        taken = sorted(
            latency
            for at, latency in outcome.heard.latencies
            if number * quarter <= at < (number + 1) * quarter
        )
        if taken:
            cells = (f"{taken[int(len(taken) * part)] * 1e3:,.0f} ms" for part in (0.5, 0.9, 0.99))
            yield f"| {number + 1} | {' | '.join(cells)} | {taken[-1] * 1e3:,.0f} ms |"


def _breaks(broken: Sequence[Break]) -> Iterator[str]:
    yield "| Broken | How | Times | Ended in, at most | Back in, at most |"
    yield "|---|---|---|---|---|"
    kinds: dict[tuple[str, str], list[Break]] = {}
    for one in broken:
        service = one.what.partition("-")[0]
        kinds.setdefault(("a replica" if service in SERVICES else one.what, one.how), []).append(one)
    for (what, how), ones in sorted(kinds.items()):
        ended, back = max(one.ended_in for one in ones), max(one.back_in for one in ones)
        yield f"| {what} | {how} | {len(ones)} | {f'{ended:.1f} s' if ended else '—'} | {back:.1f} s |"


def _trends(plan: Plan, rows: Sequence[Row]) -> Iterator[str]:
    spared = f"{plan.any_victim_until / 60:g}"
    yield f"Trends from minute {plan.warm_from / 60:g} on: a straight line through twelve means. Flat is"
    yield "what grows an hour by no more than the bound, or than two standard errors (±) of its slope."
    yield f"Replicas `a` live from minute {spared} to the end and hold every elected role; replicas `b` are"
    yield "killed all the time and not fitted. Engines keep what they are given and are not judged. Lags are"
    yield f"in events; the tables are those that every commit updates: {', '.join(HOT)}."
    yield ""
    yield "| What | Mean | Highest | Growth an hour | Bound | Flat |"
    yield "|---|---|---|---|---|---|"
    for row in rows:
        found = row.trend
        bound = "—" if found.bound is None else f"{found.bound:,.0f}"
        verdict = "—" if found.bound is None else "yes" if found.flat else "**no**"
        growth = f"{found.slope:+,.1f} ± {found.noise:,.1f}"
        yield f"| {row.name} | {found.mean:,.1f} | {found.highest:,.0f} | {growth} | {bound} | {verdict} |"
