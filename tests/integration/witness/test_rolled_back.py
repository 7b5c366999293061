"""A log that lost its end behind a new log id: found, told once, open until oversight acknowledges it."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg

from deploy.catalogue import SERVICES
from deploy.verifying.keys import keys_of_folder
from deploy.verifying.log import verify_log
from deploy.verifying.report import Report
from shared.contracts.audit import CheckpointWitnessed, InconsistencyFound, LossAcknowledged
from shared.contracts.registry import InconsistencyFound as FoundByRegistry
from shared.contracts.witness import Finding
from shared.eventstore.restore import begin_new_log
from tests.integration.verifying.attacker import Attacker
from tests.integration.witness.house import House

LEFT = 12
"""Events that the pretended restore leaves; a checkpoint is of so many."""

WHY = {"en": "The disk failed; the lost decisions were entered again."}


async def pretend_restore(attacker: Attacker, left: int = LEFT) -> str:
    """Cut a log back and let it go on under an invented id, as a restore does; return the old id."""
    old = str(await attacker.connection.fetchval("SELECT log_id FROM head"))
    await attacker.cut_back(left)
    await go_on(attacker, left)
    return old


async def go_on(attacker: Attacker, size: int) -> None:
    """Let a log go on under another id."""
    async with attacker.connection.transaction():
        await begin_new_log(attacker.connection, uuid4(), size)


async def told(house: House, service: str, kind: type[Any]) -> list[Any]:
    return [record.event for record in await house.told(service) if isinstance(record.event, kind)]


async def verified(database_url: str, keys: Path, service: str) -> Report:
    connection = await asyncpg.connect(database_url, statement_cache_size=0)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            known = keys_of_folder(keys, SERVICES)
            report, _ = await verify_log(
                connection, service, SERVICES, known, Report("trail", None), lambda *_: None
            )
            return report
    finally:
        await connection.close()


async def test_a_pretended_restore_is_found_and_stays_open_until_it_is_acknowledged(
    house: House, registry: Attacker, database_url: str, tmp_path: Path
) -> None:
    head = house.frames["registry"].store.head
    old = await pretend_restore(registry)

    await house.attacked_rounds(6)

    (found,) = await told(house, "audit", InconsistencyFound)
    assert (found.source, found.finding, str(found.log_id)) == ("registry", Finding.ROLLED_BACK, old)
    assert (found.position, found.upto, found.stated_size) == (LEFT + 1, head, LEFT)
    last = [seen for seen in await told(house, "audit", CheckpointWitnessed) if seen.source == "registry"][-1]
    assert (str(last.continues), last.size) == (old, LEFT), "it is witnessed further, under the new id"
    item = await house.watched("audit", "registry")
    assert (len(item["losses"]), f"positions 13 to {head} are gone" in item["alarm"]) == (1, True)
    report = await verified(database_url, tmp_path / "keys", "registry")
    gone = f"{head - LEFT} events that were witnessed are gone after a restore"
    assert any(f"{gone}; acknowledged by nobody" in finding.what for finding in report.findings)

    body = {"log_id": old, "known_size": head, "reason": WHY}
    path = "/witness/registry/acknowledge"
    assert (await house.post("audit", path, body, "admin")).status_code == 403
    assert (await house.post("audit", path, body | {"known_size": head - 1})).status_code == 409
    assert (await house.post("audit", "/witness/nobody/acknowledge", body)).status_code == 404
    assert (await house.post("audit", path, body)).status_code == 200
    assert (await house.post("audit", path, body)).status_code == 409

    (done,) = await told(house, "audit", LossAcknowledged)
    assert (str(done.log_id), done.known_size, done.common, done.by) == (old, head, LEFT, "auditor")
    await house.attacked_rounds(4)
    item = await house.watched("audit", "registry")
    assert (item["losses"], item["alarm"], len(item["findings"])) == ([], None, 1)
    report = await verified(database_url, tmp_path / "keys", "registry")
    assert (report.findings, any(gone in note for note in report.notes)) == ([], True)


async def test_a_loss_is_told_also_where_nothing_is_left_of_the_log(house: House, registry: Attacker) -> None:
    head = house.frames["registry"].store.head
    await pretend_restore(registry, 0)
    await house.attacked_rounds(4)
    (found,) = await told(house, "audit", InconsistencyFound)
    assert (found.finding, found.position, found.upto) == (Finding.ROLLED_BACK, 1, head)


async def test_events_that_audit_received_and_nobody_witnessed_are_missed_too(
    house: House, registry: Attacker
) -> None:
    await house.rounds(4)
    before = house.frames["registry"].store.head
    await house.decide("finance", "legal")
    await house.rest()
    await pretend_restore(registry, before)
    await house.attacked_rounds(2)
    (found,) = await told(house, "audit", InconsistencyFound)
    assert (found.finding, found.position, found.upto) == (Finding.ROLLED_BACK, before + 1, before + 2)


async def test_the_registry_finds_the_same_of_audits_log(
    house: House, audit: Attacker, database_url: str, tmp_path: Path
) -> None:
    old = await pretend_restore(audit, 1)
    await house.attacked_rounds(4)
    (found,) = await told(house, "registry", FoundByRegistry)
    assert (found.finding, str(found.log_id), found.position) == (Finding.ROLLED_BACK, old, 2)
    gone = "events that were witnessed are gone after a restore; acknowledged by nobody"
    report = await verified(database_url, tmp_path / "keys", "audit")
    assert any(gone in finding.what for finding in report.findings)

    body = {"log_id": old, "known_size": found.upto, "reason": WHY}
    assert (await house.post("registry", "/witness/audit/acknowledge", body)).status_code == 200

    report = await verified(database_url, tmp_path / "keys", "audit")
    assert not any(gone in finding.what for finding in report.findings)


async def test_a_restore_that_loses_nothing_is_nothing_to_acknowledge(
    house: House, registry: Attacker, database_url: str, tmp_path: Path
) -> None:
    await house.rounds(4)
    head = house.frames["registry"].store.head
    await go_on(registry, head)
    await house.attacked_rounds(4)
    assert await told(house, "audit", InconsistencyFound) == []
    assert (await house.watched("audit", "registry"))["alarm"] is None
    report = await verified(database_url, tmp_path / "keys", "registry")
    assert report.findings == []
