"""``python -m benchmarks.soak``: run it all, print what came of it and write SOAK.md."""

import asyncio
import signal
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from time import monotonic

from rich.console import Console

from benchmarks.soak.breaking import Break, break_engines, break_replicas
from benchmarks.soak.checking import found_wrong, in_step
from benchmarks.soak.document import Outcome, document
from benchmarks.soak.house import house_in
from benchmarks.soak.load import Load
from benchmarks.soak.plan import Plan, asked_for
from benchmarks.soak.receiver import Receiver, receiving
from benchmarks.soak.sampling import Sampler
from benchmarks.soak.saying import said
from benchmarks.soak.world import furnish

RESULTS = Path(__file__).parents[1] / "SOAK.md"


async def soak(console: Console, plan: Plan, folder: Path) -> Outcome:
    """Furnish, load and break for as long as the plan says, wait for rest, end everything and check."""
    async with receiving() as receiver, house_in(folder) as house:
        console.print("Furnishing …")
        world = await furnish(house, receiver)
        console.print(f"{plan.minutes:g} minutes of {plan.rate:g} commands a second …")
        load = Load(house, world, plan.rate)
        broken: list[Break] = []
        since = monotonic()
        sampler = Sampler(house, plan.sample_every, since)
        breaking = [
            asyncio.create_task(break_replicas(house, plan, since, broken)),
            asyncio.create_task(break_engines(house, plan, since, broken)),
        ]
        sampling = asyncio.create_task(sampler.run())
        try:
            await load.run(since, plan.seconds)
            failed = [
                one for one in await asyncio.gather(*breaking, return_exceptions=True) if one is not None
            ]
            rested = monotonic()
            await in_step(house)
            rested = monotonic() - rested
        finally:
            await _stopped(sampling, *breaking)
        console.print("Ending and checking …")
        ends = await asyncio.gather(*(one.end(signal.SIGTERM) for one in house.replicas.values()))
        wrong = await found_wrong(house, load.heard, world, receiver)
        warnings, errors = said(house.ministry.folder)
        return Outcome(
            plan=plan,
            heard=load.heard,
            samples=sampler.samples,
            broken=broken,
            rested=rested,
            ended=max(ends),
            wrong=[f"the soak itself failed: {one!r}" for one in failed] + wrong + errors,
            warnings=warnings,
            notified=_repeats(receiver),
        )


async def _stopped(*tasks: "asyncio.Task[None]") -> None:
    """End what runs beside the load; what went wrong in it is raised."""
    for task in tasks:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def _repeats(receiver: Receiver) -> tuple[int, int]:
    return len(receiver.came), sum(receiver.came.values()) - len(receiver.came)


def main() -> None:
    """Run the soak; exit with 1 where anything is wrong or grows."""
    console = Console()
    with tempfile.TemporaryDirectory(prefix="tanfidh-soak-") as folder:
        Path(folder).chmod(0o755)
        outcome = asyncio.run(soak(console, asked_for(), Path(folder)))
    text, well = document(outcome)
    RESULTS.write_text(text, encoding="utf-8")
    console.print(text, markup=False, highlight=False, soft_wrap=True)
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
