"""``python -m benchmarks [NAME…]``: take every figure, print the table and write RESULTS.md; or only some.

Named alone, figures are printed and RESULTS.md stays as it is: it tells of whole runs.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from rich.console import Console

from benchmarks import due, http, local, ministry, moving, proofs, reading, replicas, storing, trail
from benchmarks.figures import Figure
from benchmarks.results import document, table
from deploy.local.engines import Engines

RESULTS = Path(__file__).with_name("RESULTS.md")

LOCAL = "local"
"""The name of what is no figure: local mode's start and memory."""

Taken = Callable[[Engines, Path], Awaitable[list[Figure]]]


def _on(take: Callable[[Engines], Awaitable[list[Figure]]]) -> Taken:
    return lambda engines, _: take(engines)


PARTS: Mapping[str, Taken] = {
    "storing": _on(storing.figures),
    "replicas": _on(replicas.figures),
    "http": http.figures,
    "delivery": _on(moving.delivery),
    "draining": _on(moving.draining),
    "taking-in": _on(moving.taking_in),
    "scanning": _on(reading.scanning),
    "rebuilding": _on(reading.rebuilding),
    "deadlines": _on(due.figures),
    "trail": _on(trail.figures),
    "proofs": _on(proofs.figures),
    "ministry": _on(ministry.figures),
}
"""What can be named, in the order in which it is taken."""


async def _figures(console: Console, folder: Path, names: Sequence[str]) -> list[Figure]:
    taken: list[Figure] = []
    async with await Engines.start(folder / "engines") as engines:
        for name in names:
            began = time.perf_counter()
            taken += await PARTS[name](engines, folder)
            console.print(f"{name}: {time.perf_counter() - began:.0f} s")
    return taken


def named_in(arguments: Sequence[str]) -> list[str]:
    """Read which parts are asked for; none means all. Exits where one is unknown."""
    known = [LOCAL, *PARTS]
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of: {', '.join(known)}")
    names: list[str] = parser.parse_args(arguments).names
    if unknown := [name for name in names if name not in known]:
        parser.error(f"{', '.join(unknown)}: no such part; there are {', '.join(known)}")
    return names


def main() -> None:
    """Run it all, in about ten minutes; or the named parts alone."""
    named = named_in(sys.argv[1:])
    console, notes = Console(), list[str]()
    with tempfile.TemporaryDirectory() as folder:
        if not named or LOCAL in named:
            (Path(folder) / "local").mkdir()
            notes = asyncio.run(local.notes(Path(folder) / "local"))
        names = [name for name in PARTS if not named or name in named]
        figures = asyncio.run(_figures(console, Path(folder), names))
    console.print(table(figures))
    console.print(*notes)
    if not named:
        RESULTS.write_text(document(figures, notes), encoding="utf-8")


if __name__ == "__main__":
    main()
