import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from deploy.catalogue import SERVICES
from deploy.verifying.keys import keys_of_folder
from deploy.verifying.report import TRAIL, Report
from deploy.verifying.run import verify_in
from tests.engines import ThrowawayEngines, ThrowawayNats
from tests.integration.verifying.attacker import Attacker
from tests.integration.witness.house import open_house

EVENTS = 300
"""Of the registry, in all: more than a tile."""


@dataclass(frozen=True)
class Filled:
    """A database in which everything that happened was filed and witnessed, and the services' keys."""

    url: str
    keys: Path


@dataclass
class Verification:
    """That database, attacked and verified in one transaction which is never committed."""

    connection: Any
    keys: Path
    forgotten: bool = False
    """Whether the copies are gone: then the trail has findings, whatever else there is."""

    async def reports(self) -> dict[str, Report]:
        keys = keys_of_folder(self.keys, SERVICES)
        reports = await verify_in(self.connection, SERVICES, keys, lambda *_: None)
        return {report.service: report for report in reports}

    async def findings(self, service: str = "registry") -> list[tuple[int | None, int | None, str]]:
        """What was found of one log, or of the trail; nothing must have been found of the others."""
        reports = await self.reports()
        found = [name for name, report in reports.items() if not report.verified]
        assert [name for name in found if name != TRAIL or not self.forgotten] in ([], [service]), {
            name: report.findings for name, report in reports.items()
        }
        return [(found.position, found.upto, found.what) for found in reports[service].findings]


@pytest.fixture(scope="session")
def filled(engines: ThrowawayEngines, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    folder = tmp_path_factory.mktemp("house")
    nats = ThrowawayNats(engines.loop, folder / "nats")
    url = engines.make_database()

    async def fill() -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("shared.service.frame.spare_collections", lambda: None)  # for a whole process
            async with open_house(url, nats.url, folder / "keys") as house:
                for number in range(15):
                    names = (f"department-{number}-{n}" for n in range(18))
                    await house.decide(*names, "protocol")
                    if number == 8:
                        await house.rounds(2)
                await house.rounds(4)
                left = EVENTS - house.frames["registry"].store.head
                await house.decide(*(f"last-{n}" for n in range(left)))
                await house.rest()

    asyncio.run(fill())
    yield Filled(url, folder / "keys")
    nats.stop()
    engines.drop_database(url)


@pytest.fixture
async def connection(filled: Filled) -> AsyncIterator[Any]:
    """Somebody whom no trigger stops, and whose changes are undone."""
    connection = await asyncpg.connect(filled.url, statement_cache_size=0)
    await connection.execute("SET session_replication_role = replica")
    await connection.transaction().start()
    yield connection
    await connection.close()


@pytest.fixture
def house(connection: Any, filled: Filled) -> Verification:
    return Verification(connection, filled.keys)


@pytest.fixture
async def registry(connection: Any) -> Attacker:
    attacker = Attacker(connection, "registry")
    await attacker.come()
    return attacker


@pytest.fixture
def audit(connection: Any) -> Attacker:
    return Attacker(connection, "audit")


Forget = Callable[[], Awaitable[None]]


@pytest.fixture
def forget_copies(audit: Attacker, registry: Attacker, house: Verification) -> Forget:
    """Remove what audit filed of the registry, so that the log stands for itself."""

    async def forget() -> None:
        await audit.run(
            "DELETE FROM filed WHERE source = 'registry'",
            "DELETE FROM filed_departments WHERE source = 'registry'",
            "DELETE FROM filed_logs WHERE source = 'registry'",
            "DELETE FROM inboxes WHERE name = 'registry'",
        )
        house.forgotten = True
        await registry.come()

    return forget
