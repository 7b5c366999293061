from pathlib import Path

import pytest

from shared.eventstore.migrate import migrate
from tests.integration.restoring.office import READS, Office


@pytest.fixture
async def office(database_url: str, nats_url: str, tmp_path: Path) -> Office:
    for service in READS:
        await migrate(database_url, service)
    return Office(database_url, nats_url, tmp_path)


@pytest.fixture
async def restored(office: Office) -> Office:
    """Letters stand at 3, as in the backup; their stream and the copies have 5."""
    await office.at_work("one", "two", "three")
    file = office.backup("letters")
    await office.at_work("four", "five")
    await office.put_back("letters", file)
    return office
