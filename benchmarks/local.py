"""Local mode as people start it: when it is ready, and the memory that it takes at idle."""

import asyncio
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

from benchmarks.processes import BenchmarkFailed

PATIENCE = 60.0
"""Seconds until a start counts as failed."""

SETTLING = 5.0
"""Seconds of idleness before memory is read."""

NAMES = {"postgres": "PostgreSQL", "nats-server": "NATS"}


async def notes(folder: Path) -> list[str]:
    """Start it twice on one data folder; tell what was seen."""
    async with _up(folder / "data") as (_, first):
        pass
    async with _up(folder / "data") as (pid, later):
        await asyncio.sleep(SETTLING)
        memory = _memory(pid)
    parts = [f"{name} {size / 2**20:.0f} MiB" for name, size in memory.most_common()]
    return [
        f"Local mode was ready {later:.1f} s after a start on existing data, {first:.1f} s at the first,",
        "which makes the engines' folders and imports the example. Memory at idle (proportional set size,",
        f"summed over the processes of each program): {', '.join(parts)}.",
    ]


@asynccontextmanager
async def _up(data: Path) -> AsyncIterator[tuple[int, float]]:
    """Run local mode; give its process id and the seconds until it said that it was ready."""
    started = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "deploy.cli.main", "up", "--port", "0", "--data", str(data)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        await asyncio.wait_for(_said_ready(process), PATIENCE)
        yield process.pid, time.perf_counter() - started
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
        await process.communicate()


async def _said_ready(process: asyncio.subprocess.Process) -> None:
    assert process.stdout is not None
    said = b""
    async for line in process.stdout:
        said += line
        if b"| ready:" in line:
            return
    raise BenchmarkFailed(f"local mode did not start: {said.decode()}")


def _memory(pid: int) -> Counter[str]:
    """Sum the proportional set size of a process and its descendants by program, in bytes."""
    total: Counter[str] = Counter()
    for each in _family(pid):
        program = Path(f"/proc/{each}/comm").read_text().strip()
        for line in Path(f"/proc/{each}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total[NAMES.get(program, "Tanfidh's own")] += int(line.split()[1]) * 1024
    return total


def _family(pid: int) -> Iterator[int]:
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in children.read_text().split():
            yield from _family(int(child))
