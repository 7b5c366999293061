"""Audit witnesses the other services and the registry audit, at fixed moments, and then everything rests."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from shared.contracts.audit import CheckpointWitnessed
from shared.contracts.registry import CheckpointWitnessed as CosignedByRegistry
from shared.eventstore.log.cosignature import CosignatureVerifier
from shared.eventstore.log.note import Checkpoint, Verifier
from tests.integration.witness.house import BEGINS, House, open_house


@pytest.fixture
async def house(
    database_url: str, nats_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[House]:
    monkeypatch.setattr("shared.service.frame.spare_collections", lambda: None)  # it is for a whole process
    async with open_house(database_url, nats_url, tmp_path / "keys") as house:
        yield house


async def test_what_happened_is_witnessed_once_and_then_the_system_comes_to_rest(house: House) -> None:
    await house.decide("protocol", "finance")
    await house.decide("finance")
    await house.rounds(1)

    record, other = await house.told("audit")
    seen = record.event
    assert isinstance(seen, CheckpointWitnessed)
    assert (other.id, other.event.size) == ("tasks", 3), "it keeps the names of departments"  # type: ignore[attr-defined]
    assert (seen.source, seen.size, seen.previous_size, seen.compared) == ("registry", 3, 0, 3)
    assert seen.witnessed_at == BEGINS.replace(minute=0) + timedelta(hours=1) == record.recorded_at
    assert record.event_id and await house.told("registry") == []

    await house.rounds(1)
    (cosigned,) = [record.event for record in await house.told("registry")]
    assert isinstance(cosigned, CosignedByRegistry)
    assert (cosigned.source, cosigned.size, cosigned.compared) == ("audit", 2, 0)
    assert cosigned.witnessed_at == BEGINS + timedelta(hours=1)

    before = house.heads()
    assert before == {"registry": 4, "tasks": 3, "notifier": 0, "audit": 2}
    await house.rounds(10)
    assert house.heads() == before, "with nothing happening, nothing is told"

    await house.decide("protocol")
    await house.rounds(10)
    sizes = [(record.id, record.event.size) for record in await house.told("audit")]  # type: ignore[attr-defined]
    assert sizes == [("registry", 3), ("tasks", 3), ("registry", 5), ("tasks", 4)]
    assert house.heads() == {"registry": 6, "tasks": 4, "notifier": 0, "audit": 4}


async def test_what_follows_from_a_witness_is_no_news_either(house: House) -> None:
    """Otherwise a delivery of each witness's event would be witnessed, and delivered, for ever."""
    await house.decide("protocol")
    await house.rounds(4)
    (cosigned,) = await house.told("registry")
    told = len(await house.told("audit"))

    await house.decide("protocol", correlation=cosigned.about.correlation)
    await house.rounds(4)
    assert len(await house.told("audit")) == told

    await house.decide("protocol")
    await house.rounds(4)
    assert len(await house.told("audit")) > told


async def test_the_endpoint_tells_what_was_witnessed_and_how_to_verify_it(house: House) -> None:
    await house.decide("protocol")
    await house.rounds(1)
    told = (await house.get("audit", "/witness")).json()
    items = {item["source"]: item for item in told["items"]}
    assert set(items) == {"registry", "tasks", "notifier"}
    assert items["notifier"] == {
        "source": "notifier",
        "witnessed": None,
        "cosigned_age": None,
        "examined_at": "2025-05-05T09:00:00+00:00",
        "findings": [],
        "losses": [],
        "alarm": None,
    }
    assert items["registry"]["cosigned_age"] == 0
    seen = items["registry"]["witnessed"]
    cosigned = CosignatureVerifier(told["verifier_key"]).open(seen["cosigned"])
    assert cosigned.time == int((BEGINS.replace(minute=0) + timedelta(hours=1)).timestamp())
    key = (await house.get("registry", "/log")).json()["verifier_key"]
    assert seen["verifier_key"] == key
    assert Verifier(key).open(seen["cosigned"]) == cosigned.text
    assert Checkpoint.parse(cosigned.text).size == seen["size"] == 1
    house.time.advance(house.time() + timedelta(minutes=1))
    metrics = (await house.get("audit", "/metrics")).text
    assert 'tanfidh_witness_size{source="registry"} 1.0' in metrics
    assert 'tanfidh_witness_cosigned_age_seconds{source="registry"} 60.0' in metrics
    assert 'tanfidh_witness_examined_age_seconds{source="notifier"} 60.0' in metrics
