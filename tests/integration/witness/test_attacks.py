"""What the witness finds of a log that was changed under it, by somebody with all rights in the database."""

from pathlib import Path
from typing import Any

import pytest

from deploy.local.secrets import Secrets
from shared.contracts.audit import InconsistencyFound
from shared.contracts.registry import InconsistencyFound as FoundByRegistry
from shared.contracts.witness import Finding
from shared.service import read_signing_key
from tests.integration.verifying.attacker import Attacker, attacking
from tests.integration.witness.house import House, open_house


async def findings(house: House, service: str, kind: type[Any]) -> list[Any]:
    return [record.event for record in await house.told(service) if isinstance(record.event, kind)]


async def test_a_tail_that_was_cut_off_is_found_once_and_alarms_until_it_is_mended(
    house: House, registry: Attacker
) -> None:
    """Rows, tiles and checkpoints go, and the head is set back: the log itself shows nothing of it."""
    assert (await house.get("audit", "/readyz")).status_code == 200
    head = house.frames["registry"].store.head
    await registry.cut_back(12)

    await house.attacked_rounds(8)

    (found,) = await findings(house, "audit", InconsistencyFound)
    assert (found.source, found.finding, found.stated_size) == ("registry", Finding.SHORTER, 12)
    assert 12 < found.known_size <= head
    assert (await house.get("audit", "/readyz")).status_code == 200, "auditors need it now more than ever"
    assert (
        'tanfidh_witness_inconsistent{source="registry"} 1.0' in (await house.get("audit", "/metrics")).text
    )
    item = await house.watched("audit", "registry")
    assert (item["findings"][0]["finding"], "it states 12 events" in item["alarm"]) == ("shorter", True)


async def test_a_log_that_was_forged_with_its_key_is_found_by_the_witness(
    house: House, registry: Attacker, tmp_path: Path
) -> None:
    key = read_signing_key(Secrets(tmp_path / "keys").signing_key("registry"))
    await registry.run("UPDATE events SET data = replace(data::text, '76', '77')::bytea WHERE position = 7")
    await registry.recompute()
    await registry.sign(key)

    await house.attacked_rounds(4)

    (found,) = await findings(house, "audit", InconsistencyFound)
    assert found.finding in (Finding.OTHER_ROOT, Finding.NOT_PROVED)


async def test_what_was_forged_before_it_was_witnessed_is_named_at_its_position(
    house: House, registry: Attacker, tmp_path: Path
) -> None:
    """Audit has received the event, and the witness has not yet seen a checkpoint of it."""
    size = house.frames["registry"].store.head
    await house.decide("finance", "legal", "protocol")
    await house.rest()
    key = read_signing_key(Secrets(tmp_path / "keys").signing_key("registry"))
    await registry.run(f"UPDATE events SET meta = meta || ' '::bytea WHERE position = {size + 2}")
    await registry.recompute()
    await registry.sign(key)

    await house.attacked_rounds(1)

    (found,) = await findings(house, "audit", InconsistencyFound)
    assert (found.finding, found.position) == (Finding.OTHER_EVENTS, size + 2)


async def test_the_registry_finds_that_audits_log_was_cut_off(house: House, audit: Attacker) -> None:
    await audit.cut_back(1)
    await house.attacked_rounds(6)
    (found,) = await findings(house, "registry", FoundByRegistry)
    assert (found.source, found.finding, found.stated_size) == ("audit", Finding.SHORTER, 1)
    assert (await house.get("registry", "/readyz")).status_code == 200
    assert (await house.watched("registry", "audit"))["alarm"] is not None


async def test_a_service_that_signs_with_another_key_is_found(
    database_url: str, nats_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.service.frame.spare_collections", lambda: None)  # it is for a whole process
    async with open_house(database_url, nats_url, tmp_path / "keys") as house:
        await house.decide("protocol")
        await house.rounds(2)
        store = house.frames["registry"].store
        other = Secrets(tmp_path / "other-keys")
        other.folder.parent.mkdir()
        key = read_signing_key(other.signing_key("registry"))
        monkeypatch.setattr(store, "_key", key)
        async with attacking(database_url, "registry") as attacker:
            await attacker.sign(key)
        await house.attacked_rounds(4)
        (found,) = await findings(house, "audit", InconsistencyFound)
        assert found.finding is Finding.OTHER_KEY
