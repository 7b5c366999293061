"""Every event of another service is filed, once, whoever reads and however often it comes."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from services.audit.filing.filing import Filing
from services.audit.filing.own import OwnEvents
from shared.eventstore.errors import InboxMoved, UnusableStore
from shared.eventstore.migrate import migrate
from shared.eventstore.record import Record
from shared.eventstore.store import EventStore
from shared.messaging.received import Received
from tests.integration.audit.conftest import OWN, Filers, OpenAudit, every
from tests.integration.audit.own import witness
from tests.integration.messaging.sample import write

COLUMNS = "position, stream, version, type, schema, recorded_at, effective_at, data, meta, previous, leaf"
FILED = f"SELECT {COLUMNS} FROM filed WHERE source = 'letters' ORDER BY position"


async def filed(audit: EventStore) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await audit.pool.fetch(FILED)]


def rows(records: list[Record]) -> list[tuple[Any, ...]]:
    return [tuple(getattr(record, name) for name in COLUMNS.split(", ")) for record in records]


def received(store: EventStore, record: Record, **changed: Any) -> Received:
    """What arrives of a record."""
    fields = {name: getattr(record, name) for name in COLUMNS.split(", ") if name != "leaf"}
    digest = bytes.fromhex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    made = Received(log_id=store.log_id, event_id=record.event_id, sealed_digest=digest, **fields)
    return replace(made, **changed)


async def follow(audit: EventStore, letters: EventStore, position: int = 0) -> None:
    """Put an inbox where one is put at its first start."""
    await audit.pool.execute(
        "INSERT INTO inboxes (name, position, log_id) VALUES ('letters', $1, $2)", position, letters.log_id
    )


async def test_the_rows_are_the_events_with_the_leaves_that_their_log_has(
    audit: EventStore, letters: EventStore, filers: Filers
) -> None:
    inbox, _ = filers.begin(audit)
    await write(letters, *(f"{n}" for n in range(600)))
    await asyncio.gather(*(write(letters, f"{n}", id=f"l{n}") for n in range(50)))
    await asyncio.wait_for(inbox.progress.reached(650), 30)

    assert await filed(audit) == rows(await every(letters))
    assert await audit.inbox_position("letters") == 650
    assert audit.head == 0


async def test_two_replicas_file_everything_once_while_one_after_the_other_dies(
    open_audit: OpenAudit, letters: EventStore, filers: Filers
) -> None:
    first, second = await open_audit(), await open_audit()
    leading, leader = filers.begin(first)
    await write(letters, "begins")
    await asyncio.wait_for(leading.progress.reached(1), 30)
    following, _ = filers.begin(second)
    writing = asyncio.gather(*(write(letters, f"{n}", id=f"l{n}") for n in range(400)))
    await asyncio.wait_for(leading.progress.reached(2), 30)
    leader.cancel()
    await writing
    await asyncio.wait_for(following.progress.reached(401), 30)

    assert await filed(second) == rows(await every(letters))


async def test_what_comes_again_is_not_filed_again(audit: EventStore, letters: EventStore) -> None:
    await write(letters, "one", "two", "three")
    events = [received(letters, record) for record in await every(letters)]
    await follow(audit, letters)
    one, other = Filing(audit, "letters"), Filing(audit, "letters")

    outcomes = await asyncio.gather(one.take(events, 0), other.take(events, 0), return_exceptions=True)
    with pytest.raises(InboxMoved):
        await one.take(events[1:], 1)
    with pytest.raises(InboxMoved):
        await one.take([replace(event, log_id=uuid4()) for event in events], 3)

    assert sorted(map(repr, outcomes)) == ["3", "InboxMoved('letters does not stand at 0')"]
    assert await filed(audit) == rows(await every(letters))


async def test_audits_own_events_are_filed_once_by_all_its_replicas(open_audit: OpenAudit) -> None:
    first, second = await open_audit(), await open_audit()
    following = [asyncio.create_task(OwnEvents(store).run()) for store in (first, second)]
    for number in range(20):
        await witness(first, f"{number}")
    async with asyncio.timeout(60):
        while await first.inbox_position("audit") < 20:
            await asyncio.sleep(0)
    for task in following:
        task.cancel()
    await asyncio.gather(*following, return_exceptions=True)

    found = await first.pool.fetch(
        "SELECT position, leaf FROM filed WHERE source = 'audit' ORDER BY position"
    )
    assert [tuple(row) for row in found] == [(record.position, record.leaf) for record in await every(first)]


async def test_whatever_passes_the_envelope_is_filed(audit: EventStore, letters: EventStore) -> None:
    await write(letters, "one", "two", "three")
    strange = (
        b'{"keys":["decree"],"actor":"nobody","causation":"?"}',
        b'{"keys":{"decree":"a b","task":7,"mission":"emb-va"},"actor":{"subject":"\\u0000","role":""}}',
        b"{}",
    )
    records = await every(letters)
    events = [received(letters, r, meta=meta) for r, meta in zip(records, strange, strict=True)]
    await follow(audit, letters)
    await Filing(audit, "letters").take(events, 0)

    indexes = "decree, task, mission, actor, role, causation"
    found = await audit.pool.fetch(f"SELECT {indexes} FROM filed ORDER BY position")
    assert [tuple(row) for row in found] == [
        (None,) * 6,
        (None, None, "emb-va", None, None, None),
        (None,) * 6,
    ]


async def test_nobody_changes_what_is_filed(
    audit: EventStore, letters: EventStore, database_url: str
) -> None:
    await write(letters, "one")
    await follow(audit, letters)
    await Filing(audit, "letters").take([received(letters, (await every(letters))[0])], 0)

    administrator = await asyncpg.connect(database_url, server_settings={"search_path": "audit"})
    for statement in (
        "UPDATE filed SET type = ''",
        "DELETE FROM filed",
        "TRUNCATE filed",
        "DELETE FROM filed_logs",
        "DELETE FROM filed_types",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied"):
            await audit.pool.execute(statement)
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
            await administrator.execute(statement)
    await administrator.close()


async def test_own_migrations_are_applied_once_and_asked_for(audit: EventStore, database_url: str) -> None:
    assert await migrate(database_url, "audit", own=OWN) == []
    without = EventStore("audit", database_url, audit.clock, audit._key)
    with pytest.raises(UnusableStore, match="newer release"):
        await without.open()


async def test_what_was_filed_by_one_department_is_found_by_that_and_by_the_one_that_acted(
    database_url: str,
) -> None:
    # Given a trail of a release that knew one department of an event,
    await migrate(database_url, "audit", own=OWN[:1])
    connection = await asyncpg.connect(database_url, server_settings={"search_path": "audit"})
    metas = {
        1: ("legal", b'{"actor": {"subject": "a", "department": "hr"}}'),
        2: ("legal", b'{"actor": {"subject": "a", "department": "legal"}}'),
        3: (None, b'{"actor": {"subject": "a\\u0000", "department": "hr"}}'),
        4: (None, b'{"actor": {"subject": "a", "department": "no id"}}'),
        5: ("legal", b'{"actor": []}'),
        6: (None, b"{}"),
    }
    await connection.execute(
        "INSERT INTO filed_logs (source, log_id, after) VALUES ('x', gen_random_uuid(), 0)"
    )
    for position, (department, meta) in metas.items():
        await connection.execute(
            "INSERT INTO filed VALUES ($1, 1, now(), now(), 1, 1, gen_random_uuid(), NULL, NULL, NULL, NULL,"
            " 'x', 'a.b', 'a', 'x.a.b', 'a', 'r', 'd', 'a', 'm', 'm', 's', 't', 'p', $2, '', $3, '', '', '')",
            position,
            department,
            meta,
        )
    # when it is brought to this one,
    await migrate(database_url, "audit", own=OWN)
    # then each event has its department and that of whoever acted, and is found by both.
    rows = await connection.fetch("SELECT position, departments FROM filed ORDER BY position")
    assert [row["departments"] for row in rows] == [["legal", "hr"], ["legal"], [], [], ["legal"], []]
    found = await connection.fetch(
        "SELECT department, array_agg(position ORDER BY position) FROM filed_departments"
        " GROUP BY department ORDER BY department"
    )
    assert [tuple(row) for row in found] == [("hr", [1]), ("legal", [1, 2, 5])]
    await connection.close()
