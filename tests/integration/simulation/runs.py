"""Simulations of the example, as the command and from within, and what they left behind."""

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import orjson

from deploy.local.engines import Engines
from deploy.simulation.playing import Played, play
from deploy.simulation.reading import read_scenario
from deploy.simulation.showing import Silent
from deploy.simulation.stage import new_folder
from deploy.simulation.streams import Streams
from shared.messaging.received import Received
from tests.product import EXAMPLE, ROOT

T = TypeVar("T")

SCENARIO = EXAMPLE / "scenario.yaml"
RUNS_WITHIN = 240
"""Seconds; a machine that does much else needs some."""


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `tanfidh simulate` on the example, to its end."""
    return subprocess.run(
        [sys.executable, "-m", "deploy.cli.main", "simulate", str(SCENARIO), *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=RUNS_WITHIN,
    )


def played(
    data: Path,
    watcher: Silent,
    until: datetime | None = None,
    patience: float = 120.0,
    scenario: Path = SCENARIO,
) -> Played:
    """Play a scenario in this process."""

    async def run() -> Played:
        return await play(read_scenario(scenario), await new_folder(data), watcher, until, patience)

    return asyncio.run(run())


def on_engines(data: Path, work: Callable[[Engines], Awaitable[T]]) -> T:
    """Start the engines of a kept folder and do something with them."""

    async def run() -> T:
        async with await Engines.start(data) as engines:
            return await work(engines)

    return asyncio.run(run())


def told_by(streams: Streams) -> dict[str, list[tuple[Any, ...]]]:
    """Every event of each service, in the order of its whole stream.

    What a witness says holds signatures and keys, drawn for each folder; the rest is compared whole.
    """
    return {service: [_told(event) for event in events] for service, events in streams.items()}


def _told(event: Received) -> tuple[Any, ...]:
    said = b"" if event.kind == "witness" else event.data
    place = (event.position, event.stream, event.version)
    return (*place, event.event_id, event.type, event.recorded_at, event.effective_at, said)


def counts(completed: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """Read the JSON that the command printed."""
    told: dict[str, Any] = orjson.loads(completed.stdout)
    return told
