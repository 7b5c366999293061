"""A log that was restored goes on under another id, and is verified with the same key."""

from typing import Any
from uuid import uuid4

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
