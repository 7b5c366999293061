"""Audit's own events are filed, whatever is in the way at first, and can be waited for."""

import asyncio

from services.audit.filing.own import OwnEvents
from shared.eventstore.store import EventStore
from tests.integration.audit.conftest import OpenAudit
from tests.integration.audit.own import witness
from tests.integration.verifying.attacker import attacking

_IN_THE_WAY = """
    WITH log AS (
        INSERT INTO filed_logs (source, log_id, after) VALUES ('audit', $1, 0) RETURNING number
    )
    INSERT INTO filed (log, source, position, version, recorded_at, effective_at, schema, event_id,
                       stream, kind, type, data, meta, sealed_digest, previous, leaf)
    SELECT number, 'audit', 1, 1, now(), now(), 1, gen_random_uuid(),
           'witness.x', 'witness', 'audit.witness.x', '', '', '', '', '' FROM log"""


async def test_a_row_in_the_way_is_alarmed_and_filing_goes_on_once_it_is_gone(
    audit: EventStore, database_url: str
) -> None:
    await audit.pool.execute(_IN_THE_WAY, audit.log_id)
    own = OwnEvents(audit)
    task = asyncio.create_task(own.run())
    try:
        await witness(audit, "one")
        async with asyncio.timeout(60):
            assert "UniqueViolationError" in await own.progress.alarmed()
            assert await own.check() is not None
            async with attacking(database_url, "audit") as attacker:
                await attacker.run("DELETE FROM filed")
            await own.filed(1)
        assert not task.done()
        assert await own.check() is None
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_what_another_replica_filed_is_filed(open_audit: OpenAudit) -> None:
    first, second = OwnEvents(await open_audit()), OwnEvents(await open_audit())
    tasks = [asyncio.create_task(own.run()) for own in (first, second)]
    try:
        for number in range(10):
            await witness(first._store, f"{number}")
        async with asyncio.timeout(60):
            await asyncio.gather(first.filed(10), second.filed(10))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
