"""What keeps a witness from seeing is told, whatever it is, and ends no rounds."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg

from deploy.local.secrets import Secrets
from shared.contracts.audit import CheckpointWitnessed, InconsistencyFound
from shared.contracts.witness import Finding
from shared.eventstore.log.note import origin_of, raw_public, verifier_key_of
from shared.messaging.connection import broker_for
from shared.service import read_signing_key
from shared.witness.alarms import PATIENCE
from tests.integration.verifying.attacker import Attacker
from tests.integration.witness.house import House, open_house


async def findings(house: House) -> list[Any]:
    return [
        record.event for record in await house.told("audit") if isinstance(record.event, InconsistencyFound)
    ]


async def witnessed(house: House) -> CheckpointWitnessed:
    seen = [record.event for record in await house.told("audit")]
    return [one for one in seen if isinstance(one, CheckpointWitnessed) and one.source == "registry"][-1]


async def test_a_row_that_was_taken_from_the_copies_is_named_and_growth_is_still_verified(
    house: House, audit: Attacker
) -> None:
    await house.rounds(4)
    head = house.frames["registry"].store.head
    await house.decide("finance", "legal")
    await house.rest()
    await audit.run(f"DELETE FROM filed WHERE source = 'registry' AND position = {head + 1}")

    await house.attacked_rounds(6)

    (found,) = await findings(house)
    assert (found.finding, found.position) == (Finding.OWN_COPY, head + 1)
    alarm = (await house.watched("audit", "registry"))["alarm"]
    assert f"the event at position {head + 1} is missing" in alarm
    assert ((await witnessed(house)).size, (await witnessed(house)).compared) == (head + 2, 0)


async def test_the_last_row_that_was_taken_from_the_copies_is_missed_too(
    house: House, audit: Attacker
) -> None:
    await house.rounds(4)
    head = house.frames["registry"].store.head
    await house.decide("finance")
    await house.rest()
    await audit.run(f"DELETE FROM filed WHERE source = 'registry' AND position = {head + 1}")
    await house.attacked_rounds(2)
    (found,) = await findings(house)
    assert (found.finding, found.position) == (Finding.OWN_COPY, head + 1)


async def test_a_changed_copy_does_not_accuse_the_log(house: House, audit: Attacker) -> None:
    await house.rounds(4)
    head = house.frames["registry"].store.head
    await house.decide("finance", "legal")
    await house.rest()
    await audit.run(
        f"UPDATE filed SET leaf = sha256('x') WHERE source = 'registry' AND position = {head + 2}"
    )
    await house.attacked_rounds(4)
    (found,) = await findings(house)
    assert (found.finding, found.position) == (Finding.OWN_COPY, head + 2)
    assert (await witnessed(house)).size == head + 2


async def test_a_source_that_lost_a_tile_is_alarmed_at_once(house: House, registry: Attacker) -> None:
    for number in range(15):
        await house.decide(*(f"more-{number}-{n}" for n in range(18)))
    await house.rounds(4)
    await registry.run("DELETE FROM log_tiles WHERE level = 0")
    await house.decide("finance")
    await house.attacked_rounds(2)
    assert "UnusableStore" in (await house.watched("audit", "registry"))["alarm"]
    assert (await house.watched("audit", "tasks"))["alarm"] is None


@asynccontextmanager
async def impostor(nats_url: str, answers: list[bytes]) -> AsyncIterator[None]:
    """Somebody who answers in the registry's place, each time with the next of some answers."""

    async def answer(message: Msg) -> None:
        await message.respond(answers.pop(0) if answers else b"x")

    broker = broker_for(nats_url, "impostor")
    nc: Client = await broker.connect()
    await nc.subscribe("ask.registry.checkpoint", cb=answer)
    await nc.flush()
    yield
    await broker.stop()


GARBAGE = [
    b"x",
    b"[]",
    b"{}",
    b'{"refused":7}',
    b'{"refused":{"slug":[],"status":"x","title":{},"told":{}}}',
    b'{"answer":{"log_id":"00000000-0000-0000-0000-000000000001","verifier_key":"k","size":1e25,"note":null,'
    b'"logs":[]}}',
]


async def test_answers_that_cannot_be_read_end_no_rounds_and_are_alarmed(
    database_url: str, nats_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.service.frame.spare_collections", lambda: None)  # it is for a whole process
    async with (
        open_house(database_url, nats_url, tmp_path / "keys", ("audit", "tasks")) as house,
        impostor(nats_url, list(GARBAGE)),
    ):
        for number in range(len(GARBAGE) + 1):
            await house.attacked_rounds(1)
            assert house.frames["audit"].standing().failing == ()
            examined = (await house.watched("audit", "tasks"))["examined_at"]
            assert examined == house.time().isoformat(), "the next source is examined all the same"
            alarm = (await house.watched("audit", "registry"))["alarm"]
            assert (alarm is not None) == (number + 1 >= PATIENCE)


async def test_a_failure_of_any_kind_with_one_source_ends_no_rounds(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(service: str, *_: object) -> Any:
        raise RuntimeError(service)

    monkeypatch.setattr("shared.witness.rounds.ask", fails)
    await house.attacked_rounds(2 * PATIENCE)
    assert all(frame.standing().failing == () for frame in house.frames.values())
    assert "registry" in (await house.watched("audit", "registry"))["alarm"]
    monkeypatch.undo()
    await house.attacked_rounds(2)
    assert (await house.watched("audit", "registry"))["alarm"] is None


async def test_a_key_that_is_given_later_counts_and_is_compared_with_the_one_trusted_before(
    database_url: str, nats_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.service.frame.spare_collections", lambda: None)  # it is for a whole process
    keys = tmp_path / "keys"
    async with open_house(database_url, nats_url, keys) as house:
        await house.decide("protocol")
        await house.rounds(2)
    true = raw_public(read_signing_key(Secrets(keys).signing_key("registry")))
    false = bytes(31) + b"\1"
    for public, expected in ((true, []), (false, [Finding.OTHER_KEY])):
        pinned = verifier_key_of(origin_of("registry", "any"), public)
        async with open_house(database_url, nats_url, keys, witness_keys=pinned) as house:
            await house.attacked_rounds(2)
            assert [found.finding for found in await findings(house)] == expected
            alarm = (await house.watched("audit", "registry"))["alarm"]
            assert (alarm is not None) == bool(expected)
