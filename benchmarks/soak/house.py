"""Two replicas of every service as processes, on engines of their own; how they are killed and restarted."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic

from benchmarks.soak.plan import REPLICAS
from deploy.catalogue import SERVICES
from deploy.preparing import migrate_all, provision_all
from tests.engines import ThrowawayEngines, ThrowawayNats
from tests.faults.ministry import Ministry
from tests.faults.processes import Served

WITNESS_EVERY = "60"
CACHED = "1000"
"""Aggregates and rows in memory: these caches are full when the warm-up is over; what grows then leaks."""
STARTS_WITHIN = 180.0
"""Seconds; the machine is loaded, and an engine may be away."""


class Replica(Served):
    """One of the processes of a service, under a name of its own."""

    def __init__(self, service: str, letter: str, environment: dict[str, str], folder: Path) -> None:
        super().__init__(service, environment, folder / f"{service}-{letter}.log")
        self.name = f"{service}-{letter}"
        self.letter = letter

    async def end(self, number: signal.Signals) -> float:
        """Send a signal; return the seconds until the process was gone; 0 where it was gone already."""
        if self._process is None or not self.alive:
            return 0.0
        begun = monotonic()
        os.kill(self.pid, number)
        await self._process.wait()
        return monotonic() - begun

    async def start_supervised(self) -> float:
        """Start it as a supervisor does: again, where it ended because an engine was away just then.

        Raises:
            AssertionError, TimeoutError: it does not become ready for so long that it is no use to wait.
        """
        begun = monotonic()
        while True:
            try:
                await self.start()
            except (AssertionError, TimeoutError):
                await self.end(signal.SIGKILL)
                if monotonic() - begun > STARTS_WITHIN:
                    raise
            else:
                return monotonic() - begun

    @property
    def alive(self) -> bool:
        """Whether its process runs."""
        return self._process is not None and self._process.returncode is None


class House:
    """The ministry, and the replicas by name."""

    def __init__(self, ministry: Ministry) -> None:
        self.ministry = ministry
        self.nats = _alone(ministry)
        self.replicas = {
            replica.name: replica
            for service in SERVICES
            for replica in (
                Replica(service, letter, self._environment(service), ministry.folder) for letter in REPLICAS
            )
        }

    def of(self, service: str) -> list[Replica]:
        """The replicas of a service."""
        return [replica for replica in self.replicas.values() if replica.service == service]

    def _environment(self, service: str) -> dict[str, str]:
        return self.ministry.environment(service) | {
            "TANFIDH_WITNESS_EVERY": WITNESS_EVERY,
            "TANFIDH_CACHED_AGGREGATES": CACHED,
            "TANFIDH_CACHED_ROWS": CACHED,
        }


def _alone(ministry: Ministry) -> ThrowawayNats:
    nats = ministry.nats
    assert isinstance(nats, ThrowawayNats), "a soak runs on one server"
    return nats


@asynccontextmanager
async def house_in(folder: Path) -> AsyncIterator[House]:
    """Start engines and two replicas of every service; kill and drop all of it in the end."""
    engines = await asyncio.to_thread(ThrowawayEngines, folder / "engines")
    try:
        (folder / "ministry").mkdir()
        ministry = await asyncio.to_thread(Ministry, engines, folder / "ministry")
        await migrate_all(ministry.database_url)
        await provision_all(ministry.database_url, [ministry.nats.url])
        house = House(ministry)
        try:
            for replica in house.replicas.values():
                await replica.start()
            yield house
        finally:
            for replica in house.replicas.values():
                if replica.alive:
                    await replica.end(signal.SIGKILL)
            await asyncio.to_thread(ministry.nats.stop)
    finally:
        await asyncio.to_thread(engines.close)
