"""``python -m benchmarks``: take every figure, print the table and write RESULTS.md."""

import asyncio
import tempfile
from pathlib import Path

from rich.console import Console

from benchmarks import http, local, moving, storing, trail
from benchmarks.figures import Figure
from benchmarks.results import document, table
from deploy.local.engines import Engines

RESULTS = Path(__file__).with_name("RESULTS.md")


async def _figures(console: Console, folder: Path) -> list[Figure]:
    async with await Engines.start(folder / "engines") as engines:
        console.print("Commands in process …")
        taken = await storing.figures(engines)
        console.print("HTTP …")
        taken += await http.figures(engines, folder)
        console.print("Events on their way …")
        taken += await moving.figures(engines)
        console.print("The trail …")
        return taken + await trail.figures(engines)


def main() -> None:
    """Run it all; about six minutes."""
    console = Console()
    console.print("Local mode …")
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "local").mkdir()
        notes = asyncio.run(local.notes(Path(folder) / "local"))
        figures = asyncio.run(_figures(console, Path(folder)))
    console.print(table(figures))
    console.print(*notes)
    RESULTS.write_text(document(figures, notes), encoding="utf-8")


if __name__ == "__main__":
    main()
