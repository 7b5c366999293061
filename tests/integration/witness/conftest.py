from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.integration.verifying.attacker import Attacker, attacking
from tests.integration.witness.house import House, open_house


@pytest.fixture
async def house(
    database_url: str, nats_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[House]:
    """A house in which everything that happened is witnessed, by audit and by the registry."""
    monkeypatch.setattr("shared.service.frame.spare_collections", lambda: None)  # it is for a whole process
    async with open_house(database_url, nats_url, tmp_path / "keys") as house:
        for number in range(6):
            await house.decide(*(f"department-{number}-{n}" for n in range(3)), "protocol")
        await house.rounds(2)
        yield house


@pytest.fixture
async def registry(database_url: str, house: House) -> AsyncIterator[Attacker]:
    async with attacking(database_url, "registry") as attacker:
        yield attacker


@pytest.fixture
async def audit(database_url: str, house: House) -> AsyncIterator[Attacker]:
    async with attacking(database_url, "audit") as attacker:
        yield attacker
