"""Whatever somebody puts into the tables, verification comes to its end, names it and goes on."""

import asyncio
from typing import Any

import pytest

from shared.eventstore.log.note import Checkpoint, Signer, origin_of
from shared.service import read_signing_key
from tests.integration.verifying.attacker import Attacker
from tests.integration.verifying.conftest import EVENTS, Verification

AT = 57


@pytest.mark.parametrize(
    "change",
    [
        "recorded_at = 'infinity'",
        "recorded_at = '-infinity'",
        "recorded_at = '4000-01-01 BC'",
        "effective_at = '20000-01-01'",
        "version = -5",
        "schema = -5",
        "stream = ''",
        "stream = repeat('x', 70000)",
        "previous = ''",
        "leaf = ''",
        "meta = '[]'",
        "meta = convert_to(repeat('[', 200000), 'UTF8')",
    ],
)
async def test_a_value_that_no_event_has_is_named_at_its_position(
    house: Verification, registry: Attacker, change: str
) -> None:
    await registry.run(f"UPDATE events SET {change} WHERE position = {AT}")
    ((position, _, what),) = await house.findings()
    assert (position, what.startswith("was changed")) == (AT, True)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (["UPDATE logs SET predecessor = log_id"], "continues itself"),
        (["UPDATE logs SET common = 'x'"], "cannot be read"),
        (["DELETE FROM head"], "its head is missing"),
        (["UPDATE head SET log_id = gen_random_uuid()"], "is not known to the store"),
        (["ALTER TABLE events RENAME TO gone"], "it cannot be verified"),
        (["ALTER TABLE events DROP COLUMN sealed"], "it cannot be verified"),
    ],
)
async def test_a_log_that_cannot_be_read_is_named_and_the_others_are_verified(
    house: Verification, registry: Attacker, changes: list[str], told: str
) -> None:
    await registry.come()
    for change in changes:
        await registry.connection.execute(change)
    async with asyncio.timeout(60):
        reports = await house.reports()
    assert any(told in finding.what for finding in reports["registry"].findings)
    assert reports["audit"].verified and reports["audit"].compared > 0


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("UPDATE logs SET first = 100", "its first log begins at position 100"),
        ("INSERT INTO logs (log_id, first) VALUES (gen_random_uuid(), 5)", "there are 2 logs"),
        ("INSERT INTO checkpoints VALUES (0, 'x')", "checkpoints of no events or less"),
        ("INSERT INTO checkpoints VALUES (-1, 'x')", "checkpoints of no events or less"),
        ("INSERT INTO checkpoints VALUES (100000, 'x')", "has a checkpoint that cannot be verified"),
        ("UPDATE log_tiles SET hashes = hashes || 'abc'", "their tile 0 at level 0 has 8195 bytes"),
        ("UPDATE head SET recorded_at = '2000-01-01'", "the head says another moment than the last event"),
        ("UPDATE head SET recorded_at = 'infinity'", "the head says another moment than the last event"),
    ],
)
async def test_what_belongs_to_no_log_is_named_alone(
    house: Verification, registry: Attacker, change: str, told: str
) -> None:
    await registry.run(change)
    ((_, _, what),) = await house.findings()
    assert told in what


@pytest.mark.parametrize(
    ("signed", "told"),
    [
        (False, "has a checkpoint that cannot be verified"),
        (True, "is where a log begins that names another root of the one before"),
    ],
)
async def test_what_two_logs_have_in_common_is_compared(
    house: Verification, registry: Attacker, connection: Any, signed: bool, told: str
) -> None:
    log_id = await connection.fetchval("SELECT log_id FROM head")
    size = await connection.fetchval("SELECT min(size) FROM checkpoints")
    name = origin_of("registry", str(log_id))
    signer = Signer(name, read_signing_key(house.keys / "keys" / "registry-log.pem"))
    note = signer.sign(Checkpoint(name, size, bytes(32)).text())
    await registry.run(
        "INSERT INTO logs SELECT gen_random_uuid(), position + 1, log_id FROM head",
        "UPDATE head SET log_id = (SELECT log_id FROM logs WHERE predecessor IS NOT NULL)",
    )
    note = note if signed else note.replace(f"\n{size}\n", f"\n{size + 1}\n", 1)
    await connection.execute("UPDATE logs SET common = $1 WHERE predecessor IS NOT NULL", note)
    position = size if signed else size + 1
    found = (await house.reports())["registry"].findings
    assert any(finding.position == position and told in finding.what for finding in found), found


async def test_a_position_far_beyond_the_end_takes_no_time(house: Verification, registry: Attacker) -> None:
    await registry.run(
        "INSERT INTO events SELECT 1000000000000, version + 1000, recorded_at, effective_at, schema, stream,"
        f" type, data, meta, sealed, previous, leaf FROM events WHERE position = {EVENTS}"
    )
    async with asyncio.timeout(60):
        found = await house.findings()
    assert (EVENTS + 1, 10**12 - 1, "they are missing") in found
    assert [position for position, _, what in found if "was changed" in what] == [10**12]


@pytest.mark.parametrize(
    "change",
    [
        "type = 'audit.witness.inconsistency-found'",
        """data = '{"found_at":5}'""",
        """data = '{"size":[],"root":1,"log_id":2}'""",
        "data = convert_to(regexp_replace(convert_from(data, 'UTF8'), '\"cosigned\":\".*?\"',"
        " '\"cosigned\":7'), 'UTF8')",
    ],
)
async def test_testimony_that_cannot_be_read_is_named(
    house: Verification, audit: Attacker, change: str
) -> None:
    position = await audit.connection.fetchval(
        "SELECT min(position) FROM audit.events WHERE type = 'audit.witness.checkpoint-witnessed'"
        " AND stream = 'witness.registry'"
    )
    await audit.run(f"UPDATE events SET {change} WHERE position = {position}")
    reports = await house.reports()
    assert [finding.position for finding in reports["audit"].findings] == [position]
    (finding,) = reports["registry"].findings
    assert finding.what == f"what audit witnessed of it, at its position {position}, cannot be read"
