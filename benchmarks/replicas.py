"""Two processes that write to one store, beside one that does."""

import asyncio

from benchmarks.databases import empty_database
from benchmarks.figures import Figure, by_turns
from benchmarks.processes import told_by
from deploy.local.engines import Engines

IN_FLIGHT = 128
"""Commands in flight in each process."""
SECONDS = 3
ROUNDS = 2


async def figures(engines: Engines) -> list[Figure]:
    """Take the figure of two replicas; their clients are in the same processes and on the same cores."""
    one, two = await by_turns([lambda: _written(engines, 1), lambda: _written(engines, 2)], ROUNDS)
    name = f"commands of two replicas on one store, {IN_FLIGHT} in flight in each"
    return [Figure(name, "/s", two, "of one replica", one, 0.8, 1.0)]


async def _written(engines: Engines, replicas: int) -> float:
    """Commands a second of all replicas together."""
    async with empty_database(engines) as url:
        writing = [
            told_by(
                "benchmarks.commands",
                url,
                *("--in-flight", IN_FLIGHT, "--seconds", SECONDS, "--files", f"r{number}"),
            )
            for number in range(replicas)
        ]
        return sum(float(told["rate"]) for told in await asyncio.gather(*writing))
