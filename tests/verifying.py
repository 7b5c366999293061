"""Recomputes a whole log from its rows: every leaf, every version, the root of the newest checkpoint."""

from collections.abc import Sequence
from uuid import UUID

from shared.eventstore.log.leaf import NO_LEAF, leaf_of
from shared.eventstore.log.note import Checkpoint, Verifier
from shared.eventstore.log.tree import Edge
from shared.eventstore.record import Record
from shared.eventstore.statements import READ
from shared.eventstore.store import EventStore

WHOLE = 10_000_000


async def check_log(store: EventStore) -> list[Record]:
    """Return all rows of a store after showing that they are the log that its newest checkpoint signs."""
    records = [Record(*row) for row in await store.pool.fetch(READ, 0, WHOLE)]
    edge = recomputed(store.log_id, records)
    note = await store.checkpoint()
    if not records:
        assert note is None
        return records
    assert note is not None
    checkpoint = Checkpoint.parse(Verifier(store.verifier_key).open(note))
    assert (checkpoint.size, checkpoint.root) == (len(records), edge.root())
    return records


def recomputed(log_id: UUID, records: Sequence[Record]) -> Edge:
    """Compute every leaf anew and compare; return the tree over them."""
    edge = Edge()
    last: dict[str, tuple[int, bytes]] = {}
    for number, record in enumerate(records, 1):
        assert record.position == number, "positions are dense"
        version, previous = last.get(record.stream, (0, NO_LEAF))
        assert (record.version, record.previous) == (version + 1, previous)
        leaf = leaf_of(
            log_id,
            number,
            record.stream,
            record.version,
            record.type,
            record.schema,
            record.recorded_at,
            record.effective_at,
            record.data,
            record.meta,
            record.sealed,
            previous,
        )
        assert record.leaf == leaf
        last[record.stream] = record.version, leaf
        edge.append(leaf)
    recorded = [record.recorded_at for record in records]
    assert recorded == sorted(recorded), "time and position never disagree"
    return edge
