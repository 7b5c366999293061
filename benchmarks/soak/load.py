"""The load: a command at every tick of a fixed schedule; latency counts from the planned moment."""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import httpx

from benchmarks.soak.commands import Asked, Mix
from benchmarks.soak.house import House
from benchmarks.soak.world import Work, World

CLIENTS = 48
PATIENCE = 60.0
"""Seconds in which a command must be answered, however often it has to be sent again."""

PAUSE = 0.1
"""Seconds before a command is sent again, to the other replica."""


@dataclass(frozen=True)
class Told:
    """A success: whose it is, and where the service said that it stands in the log."""

    service: str
    subject: str
    position: int


@dataclass
class Heard:
    """Everything that clients were told.

    Attributes:
        told: successes by idempotency key.
        latencies: of answered commands, with the moment for which they were planned, in seconds.
        refused: refusals by slug.
        again: why commands had to be sent again.
        wrong: what must not be.
    """

    told: dict[str, Told] = field(default_factory=dict)
    latencies: list[tuple[float, float]] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    again: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


class Load:
    """Sends commands to whichever replica, and again under the same key until there is an answer."""

    def __init__(self, house: House, world: World, rate: float) -> None:
        self.heard = Heard()
        self._house = house
        self._world = world
        self._mix = Mix(world, random.Random(1))
        self._rate = rate
        self._count = 0

    async def run(self, since: float, seconds: float) -> None:
        """Follow the schedule to its end; return when everything is answered."""
        planned: asyncio.Queue[float | None] = asyncio.Queue()
        limits = httpx.Limits(max_connections=CLIENTS * 4, max_keepalive_connections=CLIENTS * 4)
        async with httpx.AsyncClient(timeout=20, limits=limits, trust_env=False) as client:
            workers = [asyncio.create_task(self._work(client, planned, since)) for _ in range(CLIENTS)]
            for tick in range(int(seconds * self._rate)):
                moment = since + tick / self._rate
                await asyncio.sleep(max(0.0, moment - monotonic()))
                planned.put_nowait(moment)
            for _ in workers:
                planned.put_nowait(None)
            await asyncio.gather(*workers)

    async def _work(
        self, client: httpx.AsyncClient, planned: asyncio.Queue[float | None], since: float
    ) -> None:
        while (moment := await planned.get()) is not None:
            self._count += 1
            key = f"soak-{self._count:08d}"
            asked = self._mix.next()
            answer = await self._answered(client, asked, key)
            if answer is not None:
                self.heard.latencies.append((moment - since, monotonic() - moment))
                await self._note(client, asked, key, answer)
            self._mix.give_back(asked)

    async def _answered(self, client: httpx.AsyncClient, asked: Asked, key: str) -> httpx.Response | None:
        replicas = self._house.of(asked.service)
        turn = self._count
        deadline = monotonic() + PATIENCE
        headers = {"Authorization": f"Bearer {self._world.tokens[asked.by]}", "Idempotency-Key": key}
        while monotonic() < deadline:
            url = replicas[turn % len(replicas)].url + asked.path
            turn += 1
            try:
                answer = await client.request(asked.method, url, json=asked.body, headers=headers)
            except httpx.TransportError as error:
                self.heard.again[type(error).__name__] += 1
            else:
                if answer.status_code != 503:
                    return answer
                self.heard.again["503"] += 1
            await asyncio.sleep(PAUSE)
        self.heard.wrong.append(f"{asked.method} {asked.path} was not answered within {PATIENCE:g} s")
        return None

    async def _note(self, client: httpx.AsyncClient, asked: Asked, key: str, answer: httpx.Response) -> None:
        if answer.is_success:
            position = int(answer.headers["tanfidh-position"])
            self.heard.told[key] = Told(asked.service, f"soak-{asked.by}", position)
            asked.done()
            return
        problem: dict[str, Any] = answer.json()
        self.heard.refused[problem["type"].rpartition("/")[2]] += 1
        if answer.status_code >= 500:
            self.heard.wrong.append(f"{asked.method} {asked.path}: {answer.status_code} {answer.text[:300]}")
        if isinstance(asked.about, Work):
            await self._learn_state(client, asked.about)

    async def _learn_state(self, client: httpx.AsyncClient, work: Work) -> None:
        """A reaction may have moved a task on: setting dates returns what was handed in about them."""
        url = f"{self._house.of('tasks')[0].url}/streams/task/{work.id}/state"
        headers = {"Authorization": f"Bearer {self._world.tokens['doer']}"}
        try:
            answer = await client.get(url, headers=headers)
        except httpx.TransportError:
            return
        if answer.status_code == 200:
            work.state = answer.json()["state"]["state"]
