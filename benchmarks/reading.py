"""The log read back: into typed events, and into an aggregate."""

from benchmarks.databases import empty_database
from benchmarks.figures import Figure
from benchmarks.processes import told_by
from deploy.local.engines import Engines

LENGTH = 1_000
"""Events of the aggregate that is built anew."""


async def scanning(engines: Engines) -> list[Figure]:
    """A whole log into typed events."""
    async with empty_database(engines) as url:
        rates = await told_by("benchmarks.scanning", url)
    name, rows = "the log read into typed events", "the same rows by keyset, not decoded"
    return [Figure(name, "/s", rates["scanned"], rows, rates["fetched"], 0.5, 0.8)]


async def rebuilding(engines: Engines) -> list[Figure]:
    """An aggregate without a snapshot."""
    async with empty_database(engines) as url:
        rates = await told_by("benchmarks.rebuilding", url, "--events", LENGTH)
    name = f"an aggregate of {LENGTH:,} events built anew"
    return [
        Figure(name, "/s", rates["ours"], "the library's repository, same events", rates["library"], 2.0, 4.0)
    ]
