"""Events on their way: commit to subscriber, and the relay's draining."""

from benchmarks.databases import empty_database
from benchmarks.figures import Figure
from benchmarks.processes import told_by
from deploy.local.engines import Engines

EVENTS = 100_000


async def figures(engines: Engines) -> list[Figure]:
    """Take the figures of the relay."""
    async with empty_database(engines) as url:
        waits = await told_by("benchmarks.delivery", url, engines.nats_url)
    async with empty_database(engines) as url:
        rates = await told_by("benchmarks.draining", url, engines.nats_url, "--events", EVENTS)
    return [
        Figure(
            "commit to subscriber, idle, p50",
            "ms",
            waits["committed"],
            "plain publish to subscriber, p50",
            waits["published"],
            2.0,
            1.2,
        ),
        Figure(
            f"relay draining {EVENTS:,} events",
            "/s",
            rates["relayed"],
            "the same atomic batches, rendered beforehand, published alone",
            rates["published"],
            0.7,
            0.9,
        ),
    ]
