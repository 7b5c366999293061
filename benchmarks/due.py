"""Deadlines that fall due together: how late the misses are recorded, and how fast."""

from benchmarks.databases import empty_database
from benchmarks.figures import Figure
from benchmarks.processes import told_by
from deploy.local.engines import Engines

NUMBER = 100_000
MINUTE = 60_000.0
"""In milliseconds."""
IN_FLIGHT = 256
SECONDS = 3


async def figures(engines: Engines) -> list[Figure]:
    """Let 100,000 fall due at once, as calendars have it; before and after, look at commands alone."""
    before = await _commands(engines)
    async with empty_database(engines) as url:
        told = await told_by("benchmarks.deadlines", url, engines.nats_url, "--number", NUMBER)
    commands = (before + await _commands(engines)) / 2
    due = f"{NUMBER:,} deadlines due at one moment"
    alone = f"commands in process, {IN_FLIGHT} in flight, nothing else on"
    return [
        Figure(f"{due}, lateness of the misses, p99", "ms", told["p99"] * 1e3, "a minute", MINUTE, 1.0, 0.5),
        Figure(f"{due}, misses recorded, everything on", "/s", told["rate"], alone, commands, 0.1, 0.2),
    ]


async def _commands(engines: Engines) -> float:
    async with empty_database(engines) as url:
        told = await told_by("benchmarks.commands", url, "--in-flight", IN_FLIGHT, "--seconds", SECONDS)
    return float(told["rate"])
