"""Engines and services are started in any order: whatever is there first waits for the rest, and says so."""

import asyncio
import random
import signal
from collections.abc import Sequence
from pathlib import Path
from time import monotonic

import httpx
import pytest

from deploy.local.ports import free_port
from tests.engines import ThrowawayEngines
from tests.faults.entering import DEPARTMENT, dossier, enter
from tests.faults.ministry import Ministry, ministry_in
from tests.faults.processes import Served, rounds, until
from tests.faults.streams import check_same, listening, messages_upto

pytestmark = [pytest.mark.faults, pytest.mark.timed]

PARTS = ("registry", "tasks", "NATS", "PostgreSQL")
ENGINES = {"NATS", "PostgreSQL"}

READY_WITHIN = 10.0
"""Seconds from the start of an engine, where everything else waits for it."""


class House:
    """A ministry whose every part can be started and stopped."""

    def __init__(self, ministry: Ministry, engines: ThrowawayEngines) -> None:
        self.ministry = ministry
        self.services = {service: ministry.process(service) for service in ("registry", "tasks")}
        self._engines = engines
        self._running = set(ENGINES)

    async def start(self, order: Sequence[str]) -> float:
        """Start all parts in an order; return the seconds from the last part to when all are ready."""
        for part in order:
            if part in self.services:
                await self._begin(self.services[part])
            else:
                await self._start_engine(part)
        since = monotonic()
        await asyncio.gather(*(served.ready() for served in self.services.values()))
        return monotonic() - since

    async def stop(self, order: Sequence[str]) -> None:
        """Stop all parts, in an order."""
        for part in order:
            if part in self.services:
                self.services[part].signal(signal.SIGTERM)
                assert await self.services[part].left() == 0
            elif part == "NATS":
                await asyncio.to_thread(self.ministry.nats.stop)
            else:
                await asyncio.to_thread(self._engines.stop_database)
            self._running.discard(part)

    async def restore_engines(self) -> None:
        """Start the engines that do not run."""
        for engine in ENGINES - self._running:
            await self._start_engine(engine)

    async def work(self, key: str, mission: str) -> None:
        """Let a command go all the way from one service to the other."""
        registry = self.services["registry"]
        async with self.ministry.client(registry) as client:
            body = {"mission": mission, "category": "attached-officer", "authority": DEPARTMENT}
            answer = await client.post(f"/staff/{key}/post", json=body, headers={"Idempotency-Key": key})
            assert answer.status_code == 201, answer.text
        await self.ministry.taken_in("tasks", "registry")
        for served in self.services.values():
            await until(lambda served=served: is_ready(served.url))  # type: ignore[misc]  # bound now

    async def _start_engine(self, name: str) -> None:
        start = self.ministry.nats.start if name == "NATS" else self._engines.start_database
        await asyncio.to_thread(start)
        self._running.add(name)

    async def _begin(self, served: Served) -> None:
        """Start a service; where it lacks an engine, wait until it says that it lives and is not ready."""
        port = free_port()
        await served.begin(port)
        if not self._running >= ENGINES:
            url = f"http://127.0.0.1:{port}"
            await until(lambda: answers(url, "/livez", 200), within=60)
            assert await answers(url, "/readyz", 503)


async def answers(url: str, path: str, status: int) -> bool:
    async with httpx.AsyncClient(base_url=url, trust_env=False) as client:
        try:
            return (await client.get(path)).status_code == status
        except httpx.TransportError:
            return False


async def says_that_it_waits(served: Served) -> bool:
    return "start.waits" in served.log.read_text()


async def is_ready(url: str) -> bool:
    return await answers(url, "/readyz", 200)


async def test_every_order_of_starts_ends_with_all_at_work(engines: ThrowawayEngines, tmp_path: Path) -> None:
    seed = random.randrange(2**32)
    chance, slowest = random.Random(seed), 0.0
    print(f"\nseed {seed}")
    async with ministry_in(engines, tmp_path) as ministry:
        house = House(ministry, engines)
        await house.stop(("PostgreSQL", "NATS"))
        try:
            for number in range(rounds(1)):
                order = chance.sample(PARTS, 4) if number else PARTS
                seconds = await house.start(order)
                print(f"{', '.join(order)}: ready {seconds:.2f} s after the last")
                slowest = max(slowest, seconds if order[-1] in ENGINES else 0.0)
                if number == 0:
                    async with ministry.client(house.services["registry"]) as client:
                        await enter(client, dossier(1, ["emb-1", "emb-2"]), "dossier")
                await house.work(f"p-{number:08x}", "emb-1")
                await house.stop(chance.sample(PARTS, 4))
        finally:
            await house.restore_engines()
        async with listening(ministry.nats.url) as nc:
            records = await ministry.checked_log("registry")
            check_same(records, await messages_upto(nc, "registry", len(records)))
    assert slowest < READY_WITHIN


async def test_a_service_that_waits_for_its_engines_ends_when_it_is_told_to(
    engines: ThrowawayEngines, tmp_path: Path
) -> None:
    async with ministry_in(engines, tmp_path) as ministry:
        served, port = ministry.process("registry"), free_port()
        ministry.nats.stop()
        try:
            await served.begin(port)
            await until(lambda: says_that_it_waits(served), within=60)
            assert await answers(f"http://127.0.0.1:{port}", "/livez", 200)
            served.signal(signal.SIGTERM)
            assert await served.left() == 0
        finally:
            ministry.nats.start()
