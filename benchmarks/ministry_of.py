"""Registry and tasks with so many missions to close: how long entering and planning take, and questions."""

import argparse
import asyncio
import json
import logging
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median
from typing import Any

import httpx

from tests.engines import ThrowawayEngines
from tests.faults.entering import dossier, enter
from tests.faults.ministry import Ministry, ministry_in

DECREE = "7-2025"
TASKS = 39
"""Tasks in the plan of each mission."""
ROWS = 500
"""Rows of an article's table, at most."""
ASKED = 100
"""Questions of a kind, of which the median is told."""

Ask = Callable[[int], Awaitable[httpx.Response]]


def closing(missions: int) -> dict[str, Any]:
    """Make the dossier of a decree that closes so many missions."""
    names = [f"emb-{number}" for number in range(missions)]
    content = dossier(int(DECREE.partition("-")[0]), names, procedure="closing")
    content["decree"]["articles"] = [
        {
            "article": str(number + 1),
            "text": content["decree"]["title"],
            "rows": [
                {"row": row, "kind": "close", "mission": name, "confidence": "likely"}
                for row, name in enumerate(names[begin : begin + ROWS], 1)
            ],
        }
        for number, begin in enumerate(range(0, missions, ROWS))
    ]
    return content


async def figures(ministry: Ministry, missions: int) -> dict[str, float]:
    """Enter the decree, wait for its plans, ask; return milliseconds, for each mission where work is."""
    registry, tasks = await ministry.serve("registry"), await ministry.serve("tasks")
    await ministry.declare_closing(registry, tasks)
    async with ministry.client(registry) as decrees, ministry.client(tasks) as plans:
        decrees.timeout = plans.timeout = httpx.Timeout(300)
        begun = time.perf_counter()
        await enter(decrees, closing(missions), "closing-all")
        entered = time.perf_counter()
        while sum((await _counts(plans)).values()) < missions * TASKS:
            await asyncio.sleep(0.01)
        planned = time.perf_counter()
        return {
            "entered": (entered - begun) * 1e3 / missions,
            "planned": (planned - begun) * 1e3 / missions,
            "why": await _asked(lambda n: decrees.get(f"/missions/emb-{n}/closing-conditions"), missions),
            "path": await _asked(lambda n: plans.get(f"/plans/{_measure(n)}/critical-path"), missions),
            "matrix": await _asked(lambda _: plans.get("/counts/departments"), missions),
        }


def _measure(mission: int) -> str:
    return f"{DECREE}-a{mission // ROWS + 1}-r{mission % ROWS + 1:02d}"


async def _counts(client: httpx.AsyncClient) -> dict[str, int]:
    response = await client.get("/counts/decrees")
    assert response.status_code == httpx.codes.OK, response.text
    counts: dict[str, int] = response.json().get(DECREE, {})
    return counts


async def _asked(ask: Ask, missions: int) -> float:
    """Ask about missions spread over all; return the median in milliseconds."""
    times = []
    for number in range(ASKED):
        begun = time.perf_counter()
        response = await ask(number * 7919 % missions)
        times.append(time.perf_counter() - begun)
        assert response.status_code == httpx.codes.OK, response.text
    return median(times) * 1e3


async def measured(engines: ThrowawayEngines, folder: Path, missions: int) -> dict[str, float]:
    """Make a ministry, take its figures, and end it."""
    async with ministry_in(engines, folder) as ministry:
        return await figures(ministry, missions)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--missions", type=int, default=10)
    given = parser.parse_args()
    logging.disable()
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        (place / "ministry").mkdir()
        running = ThrowawayEngines(place / "engines")
        try:
            told = asyncio.run(measured(running, place / "ministry", given.missions))
        finally:
            running.close()
    print(json.dumps(told))
