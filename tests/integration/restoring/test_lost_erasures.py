"""A restored database that lacks an erasure learns of it from the stream or from audit's copies."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from deploy.catalogue import own_migrations
from deploy.restoring.asking import ask_database
from deploy.restoring.erased import lost_erasures
from services.registry.staff import StaffMember
from shared.contracts.registry import ErasureReason, Provenance, StaffErased, StaffPosted, StaffRecalled
from shared.domain import Actor
from shared.domain.clock import system_clock
from shared.eventstore.command import Command, Instruction, Turn
from shared.eventstore.migrate import migrate
from shared.eventstore.store import EventStore

FILE = """
INSERT INTO filed (position, version, recorded_at, effective_at, log, schema, event_id, source, stream, kind,
                   type, data, meta, sealed_digest, previous, leaf)
VALUES ($1, 9, now(), '2025-05-05T00:00:00Z', 1, 1, $2, 'registry', $3, 'staff', 'registry.staff.erased',
        $4, '{"actor":{"subject":"admin-1","role":"admin"}}', '', '', '')"""
SINCE = datetime(2025, 5, 5, tzinfo=UTC)
DATA = b'{"reason":"requested","basis":"HR/1"}'
RECORDED, FILED, LOST = "staff.p-00000001", "staff.p-00000002", "staff.p-00000003"
POSTED = "staff.p-00000005"


async def erased_in_the_log(database_url: str, staff: str) -> None:
    store = EventStore("registry", database_url, system_clock, Ed25519PrivateKey.generate())
    await store.open()

    def decide(turn: Turn) -> None:
        posted, member = turn.get(StaffMember, POSTED.partition(".")[2]), turn.get(StaffMember, staff)
        told = {"mission": "emb-a", "category": "c", "authority": "d"}
        for person in (posted, member):
            if not person.exists:
                person.record(StaffPosted(**told, provenance=Provenance.SAMPLE), turn.moment)
        member.record(StaffRecalled(mission="emb-a", category="c", by="d"), turn.moment)
        member.record(StaffErased(reason=ErasureReason.REQUESTED, basis="HR/1"), turn.moment)

    by = Instruction(id=uuid4(), actor=Actor(subject="s", role="admin"))
    await store.execute(Command("erase", by, decide, ((StaffMember, staff), (StaffMember, POSTED[6:]))))
    await store.close()


def in_the_stream(stream: str, data: bytes) -> Any:
    moment = system_clock()
    return SimpleNamespace(
        type=StaffErased.event_type,
        stream=stream,
        recorded_at=moment,
        effective_at=SINCE,
        data=data,
        meta=b'{"actor":{"subject":"service:registry","role":"service"}}',
        event_id=UUID(int=7),
    )


async def test_what_only_the_stream_or_audit_knows_is_found(database_url: str) -> None:
    await migrate(database_url, "registry")
    await migrate(database_url, "audit", own=own_migrations("audit"))
    await erased_in_the_log(database_url, RECORDED.partition(".")[2])
    audit = await asyncpg.connect(database_url, server_settings={"search_path": "audit"})
    registry = await asyncpg.connect(database_url, server_settings={"search_path": "registry"})
    try:
        await audit.execute(
            "INSERT INTO filed_logs (source, log_id, after) VALUES ('registry', $1, 0)", uuid4()
        )
        for position, stream in enumerate((RECORDED, FILED), 1):
            await audit.execute(FILE, position, uuid4(), stream, DATA)
        await audit.execute(FILE, 3, uuid4(), "staff.p-00000004", b"no erasure")
        again = DATA[:-1] + b',"erased_by":"admin-2"}'
        lost = SimpleNamespace(lost=[in_the_stream(LOST, again), in_the_stream("staff.*", DATA)])
        plans: Any = [
            SimpleNamespace(service="tasks"),
            SimpleNamespace(service="registry", stream=lost, log=SimpleNamespace(connection=registry)),
        ]
        found = await lost_erasures(plans)
        assert [(erasure.owner, erasure.basis) for erasure in found] == [(LOST, "HR/1"), (FILED, "HR/1")]
        assert [(erasure.since, erasure.by) for erasure in found] == [(SINCE, "admin-2"), (SINCE, "admin-1")]
        known = await ask_database(database_url, [RECORDED, FILED, LOST, POSTED, "staff.p-00000009"])
        assert [erasure.owner for erasure in known.erasures] == [RECORDED, FILED, RECORDED]
        assert known.posted == {POSTED}
        assert known.logs == {str(await registry.fetchval("SELECT log_id FROM head"))}
    finally:
        await audit.close()
        await registry.close()
