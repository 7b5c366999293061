"""To verify the logs of a simulation: every leaf, every chain and the signed root, from the rows alone."""

from collections.abc import Mapping
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.eventstore.log.leaf import NO_LEAF, leaf_of
from shared.eventstore.log.note import Checkpoint, Signer, UnverifiableNote, Verifier, origin_of
from shared.eventstore.log.tree import Edge
from shared.eventstore.record import Record
from shared.eventstore.stored import StoredLog


async def verify_logs(database_url: str, keys: Mapping[str, Ed25519PrivateKey]) -> list[str]:
    """Say what of each service's log does not fit its signed checkpoint; nothing where all of it does.

    `keys` are the services' signing keys, from a place that is not the database.
    """
    found: list[str] = []
    for service, key in keys.items():
        log = await StoredLog.open(service, database_url)
        try:
            found += [f"{service}: {fault}" for fault in await _faults(log, key)]
        finally:
            await log.close()
    return found


async def _faults(log: StoredLog, key: Ed25519PrivateKey) -> list[str]:
    records = await log.read(0, max(log.head, 1))
    newest = await log.connection.fetchval("SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1")
    if newest is None:
        return [] if not records else ["it has events and no checkpoint"]
    verifier = Verifier(Signer(origin_of(log.service, str(log.log_id)), key).verifier_key)
    try:
        checkpoint = Checkpoint.parse(verifier.open(newest))
    except UnverifiableNote as reason:
        return [f"its newest checkpoint cannot be verified: {reason}"]
    try:
        edge = _recomputed(log, records)
    except _Fault as fault:
        return [str(fault)]
    if (checkpoint.size, checkpoint.root) != (edge.size, edge.root()):
        return [f"its checkpoint signs {checkpoint.size} events, and another root than its {edge.size}"]
    return []


class _Fault(Exception):
    """A row that is not what was recorded."""


def _recomputed(log: StoredLog, records: list[Record]) -> Edge:
    edge, last = Edge(), dict[str, tuple[int, bytes]]()
    for number, record in enumerate(records, 1):
        version, previous = last.get(record.stream, (0, NO_LEAF))
        if record.position != number:
            raise _Fault(f"position {number} is missing")
        if (record.version, record.previous) != (version + 1, previous):
            raise _Fault(f"position {number} does not follow the event before it in {record.stream}")
        if record.leaf != _leaf(log.lineage.log_id_at(number), record):
            raise _Fault(f"position {number} is not what was recorded")
        last[record.stream] = record.version, record.leaf
        edge.append(record.leaf)
    return edge


def _leaf(log_id: UUID, record: Record) -> bytes:
    return leaf_of(
        log_id,
        record.position,
        record.stream,
        record.version,
        record.type,
        record.schema,
        record.recorded_at,
        record.effective_at,
        record.data,
        record.meta,
        record.sealed,
        record.previous,
    )
