"""An office, empty or with an older backup put back; that is done once, and copied for each test."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from shared.eventstore.migrate import migrate
from tests.engines import ThrowawayEngines, ThrowawayNats
from tests.integration.restoring.office import READS, Office


@pytest.fixture
async def office(database_url: str, nats_url: str, tmp_path: Path) -> Office:
    return await opened(Office(database_url, nats_url, tmp_path))


async def opened(office: Office) -> Office:
    for service in READS:
        await migrate(office.database, service)
    return office


@dataclass(frozen=True)
class Kept:
    """The name of a database, and the store of a NATS server; nobody uses them."""

    database: str
    streams: Path


@pytest.fixture(scope="module")
def kept(engines: ThrowawayEngines, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """Letters stand at 3, as in the backup; their stream and the copies have 5."""
    folder, url = tmp_path_factory.mktemp("kept"), engines.make_database()
    nats = ThrowawayNats(engines.loop, folder / "nats")
    try:
        engines.loop.call(restore_letters(Office(url, nats.url, folder)))
    finally:
        nats.stop()
    yield Kept(url.rpartition("/")[2], nats.server.store)
    engines.drop_database(url)


async def restore_letters(office: Office) -> None:
    await opened(office)
    await office.at_work("one", "two", "three")
    file = office.backup("letters")
    await office.at_work("four", "five")
    await office.put_back("letters", file)


@pytest.fixture
def restored(engines: ThrowawayEngines, kept: Kept, tmp_path: Path) -> Iterator[Office]:
    """Letters stand at 3, as in the backup; their stream and the copies have 5."""
    url, folder = engines.make_database(template=kept.database), tmp_path / "nats"
    folder.mkdir()
    subprocess.run(["cp", "-a", str(kept.streams), str(folder / kept.streams.name)], check=True)
    nats = ThrowawayNats(engines.loop, folder)
    yield Office(url, nats.url, tmp_path)
    nats.stop()
    engines.drop_database(url)
