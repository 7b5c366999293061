"""Events on their way: commit to subscriber, the relay's draining, and taking in."""

from benchmarks.databases import empty_database
from benchmarks.figures import Figure
from benchmarks.processes import told_by
from deploy.local.engines import Engines

EVENTS = 100_000

FLOOR = "plain publish to subscriber, p50"


async def delivery(engines: Engines) -> list[Figure]:
    """From a commit to a subscriber, idle and under 32 writers."""
    async with empty_database(engines) as url:
        waits = await told_by("benchmarks.delivery", url, engines.nats_url)
    idle, busy = "commit to subscriber, idle, p50", "commit to subscriber, 32 writers, p99"
    return [
        Figure(idle, "ms", waits["committed"], FLOOR, waits["published"], 2.0, 1.2),
        Figure(busy, "ms", waits["crowded"], f"idle, {FLOOR}", waits["floor"], 15.0, 8.0),
    ]


async def draining(engines: Engines) -> list[Figure]:
    """The relay of a store that is far ahead of its stream."""
    async with empty_database(engines) as url:
        rates = await told_by("benchmarks.draining", url, engines.nats_url, "--events", EVENTS)
    name, alone = f"relay draining {EVENTS:,} events", "rendered beforehand, published alone"
    return [
        Figure(name, "/s", rates["relayed"], f"atomic batches of them, {alone}", rates["atomic"], 0.7, 0.9),
        Figure(name, "/s", rates["relayed"], f"the same batches, {alone}", rates["published"], 0.4, 0.7),
    ]


async def taking_in(engines: Engines) -> list[Figure]:
    """An inbox whose reactions store an event each."""
    async with empty_database(engines) as url:
        rates = await told_by("benchmarks.taking_in", url, engines.nats_url)
    name, plain = "events taken in, one effect stored each", "FastStream's batch pull, empty handler"
    return [Figure(name, "/s", rates["taken_in"], plain, rates["pulled"], 0.3, 0.6)]
