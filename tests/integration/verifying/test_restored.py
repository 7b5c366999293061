"""A log that was restored goes on under another id, and is verified with the same key."""

from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest

from shared.eventstore.restore import begin_new_log
from shared.service import read_signing_key
from tests.integration.verifying.attacker import Attacker
from tests.integration.verifying.conftest import EVENTS, Verification


async def test_what_was_witnessed_beyond_a_restore_is_found_and_nothing_else(
    house: Verification, registry: Attacker, connection: Any
) -> None:
    sizes = [row["size"] for row in await connection.fetch("SELECT size FROM checkpoints ORDER BY 1")]
    size = next(size for size in sizes if size > 200)
    await registry.cut_back(size)
    await begin_new_log(connection, uuid4(), size)

    report = (await house.reports())["registry"]

    (found,) = report.findings
    gone = f"{EVENTS - size} events that were witnessed are gone after a restore; acknowledged by nobody"
    assert gone in found.what
    assert (report.events, report.compared) == (size, size)
    assert report.witnessed is not None and report.witnessed <= size
    assert any(f"before a restore, of which {size} are left" in note for note in report.notes)
    assert any("a restore was not ended, or there was none" in note for note in report.notes)


async def test_what_is_recorded_after_a_restore_is_hashed_with_the_new_id(
    house: Verification, registry: Attacker, connection: Any
) -> None:
    await begin_new_log(connection, uuid4(), EVENTS)
    await registry.run(
        f"INSERT INTO events SELECT {EVENTS + 1}, 1, recorded_at, effective_at, schema, 'department.new',"
        " type, data, convert_to(replace(convert_from(meta, 'UTF8'), stream, 'department.new'), 'UTF8'),"
        f" sealed, previous, leaf FROM events WHERE position = {EVENTS} AND version = 1"
    )
    position, _, what = (await house.findings())[0]
    assert (position, "was changed" in what) == (EVENTS + 1, True), "its leaf is another event's"

    await registry.recompute()
    await registry.sign(read_signing_key(house.keys / "keys" / "registry-log.pem"))
    assert await house.findings() == []


async def test_an_empty_log_is_verified(house: Verification) -> None:
    report = (await house.reports())["notifier"]
    assert (report.events, report.checkpoint, report.findings) == (0, 0, [])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (None, None),
        ("UPDATE filed_logs SET after = after + 1 WHERE number = 99", "from a later position on"),
        ("UPDATE filed_logs SET after = after - 1 WHERE number = 99", "of registry is missing"),
        (
            "WITH gone AS (DELETE FROM filed_logs WHERE number = 99 RETURNING *)"
            " INSERT INTO filed_logs (number, source, log_id, after) OVERRIDING SYSTEM VALUE"
            " SELECT -1, source, log_id, after FROM gone",
            "its logs were not filed in their order",
        ),
        ("UPDATE filed SET leaf_log = NULL WHERE log = 99", "its content does not give its leaf"),
        (
            "UPDATE filed SET actor = 'nobody' WHERE position = 300 AND source = 'registry'",
            "its actor is not",
        ),
        ("DELETE FROM filed WHERE log = 99", "are missing"),
    ],
)
async def test_the_trail_of_a_restored_log_is_verified_beside_what_was_lost(
    house: Verification,
    registry: Attacker,
    audit: Attacker,
    connection: Any,
    change: str | None,
    told: str | None,
) -> None:
    """Two events before the end come again under the new id, and a new one; what was lost stays filed."""
    sizes = [row["size"] for row in await connection.fetch("SELECT size FROM checkpoints ORDER BY size")]
    common, size = next((a, b) for a, b in pairwise(sizes) if a > 200)
    log_id = uuid4()
    await registry.cut_back(size)
    await begin_new_log(connection, log_id, common)
    await registry.run(
        f"INSERT INTO events SELECT {size + 1}, 1, recorded_at, effective_at, schema, 'department.new', type,"
        " data, convert_to(replace(replace(convert_from(meta, 'UTF8'), stream, 'department.new'),"
        " '\"version\":' || version, '\"version\":1'), 'UTF8'), sealed, previous, leaf"
        " FROM events WHERE type = 'registry.department.registered' ORDER BY position DESC LIMIT 1"
    )
    await registry.recompute()
    await connection.execute(f"DELETE FROM checkpoints WHERE size > {size}")
    await registry.sign_end(read_signing_key(house.keys / "keys" / "registry-log.pem"))
    for service in ("audit", "tasks", "notifier"):
        await connection.execute(
            f"UPDATE {service}.inboxes SET position = $1, log_id = $2 WHERE name = 'registry'",
            size + 1,
            log_id,
        )
    await audit.come()
    await connection.execute(
        "INSERT INTO filed_logs (number, source, log_id, after) OVERRIDING SYSTEM VALUE"
        " VALUES (99, 'registry', $1, $2)",
        log_id,
        common,
    )
    await audit.file_true("registry", 99, log_id, common)
    if change is not None:
        await audit.run(change)

    reports = await house.reports()

    (gone,) = reports["registry"].findings
    assert "gone after a restore; acknowledged by nobody" in gone.what, "that alone is said of the log"
    found = [finding.what for finding in reports["trail"].findings]
    if told is None:
        assert (found, reports["registry"].compared) == ([], size + 1)
    else:
        assert any(told in what for what in found), found
