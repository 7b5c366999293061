"""Audit as the witness of the other services' logs."""

import struct
from collections.abc import Sequence
from hashlib import sha256
from typing import Any, ClassVar

from shared.contracts.audit import CheckpointWitnessed, InconsistencyFound, LossAcknowledged
from shared.contracts.event import Event
from shared.eventstore.log.leaf import NO_LEAF, leaf_hash, microseconds
from shared.witness.statement import Part
from shared.witness.witness import Witness

_CHOSEN = """
    SELECT DISTINCT ON (position) {columns}
    FROM filed
    JOIN filed_logs ON filed.log = filed_logs.number
    JOIN unnest($2::uuid[], $3::bigint[]) WITH ORDINALITY AS part (log_id, upto, age) USING (log_id)
    WHERE filed.source = $1 AND position > $4 AND position <= least($5, upto)
    ORDER BY position, age DESC"""
_FILED = _CHOSEN.format(columns="position, leaf, kind, correlation")
_WHOLE = _CHOSEN.format(
    columns="coalesce(leaf_log, log_id) AS leaf_log, position, stream, version, type, schema, recorded_at,"
    " effective_at, data, meta, sealed_digest, previous, leaf"
)
# Positions rise, so that those before a gap are the ones which are as many as they have to be.
_UNBROKEN = """
    SELECT coalesce(max(position), $4)
    FROM (
        SELECT position, row_number() OVER (ORDER BY position) AS number
        FROM (
            SELECT DISTINCT position
            FROM unnest($2::uuid[], $3::bigint[]) AS part (log_id, upto)
            JOIN filed_logs ON filed_logs.source = $1 AND filed_logs.log_id = part.log_id
            JOIN filed ON filed.source = $1 AND log = number AND position <= upto AND position > $4
        ) AS there
    ) AS counted
    WHERE position = $4 + number"""
_TAKEN_IN = """
    SELECT coalesce(max(least(position, upto)), 0)
    FROM unnest($2::uuid[], $3::bigint[]) AS part (log_id, upto)
    JOIN inboxes ON name = $1 AND inboxes.log_id = part.log_id"""
_RECEIVED = """
    SELECT coalesce(max(least(last, upto)), 0)
    FROM unnest($2::uuid[], $3::bigint[]) AS part (log_id, upto)
    JOIN filed_logs ON filed_logs.source = $1 AND filed_logs.log_id = part.log_id
    CROSS JOIN LATERAL (
        SELECT max(position) AS last FROM filed WHERE source = $1 AND log = number
    ) AS filed
    WHERE last IS NOT NULL"""
_NEWS = f"""
    SELECT EXISTS (
        SELECT FROM ({_FILED}) AS found
        WHERE kind <> 'witness' AND NOT EXISTS (
            SELECT FROM filed WHERE filed.correlation = found.correlation AND filed.kind = 'witness'
        )
    )"""
_WITHOUT_END = 2**63 - 1
_PAGE = 1_000


class AuditWitness(Witness):
    """What audit knows of another service's log."""

    witnessed_as: ClassVar[type[Event]] = CheckpointWitnessed
    found_as: ClassVar[type[Event]] = InconsistencyFound
    acknowledged_as: ClassVar[type[Event]] = LossAcknowledged


class FiledLeaves:
    """The leaves of one source, as audit filed its events; see `shared.witness.own_copy.Leaves`.

    After a restore a source has several logs: of an older one counts only what the newer ones have in common
    with it, and of two events at one position that of the newer log.

    Args:
        pool: of audit's schema; asked for when it is needed, since a store has it once it is open.
        source: the service.
    """

    def __init__(self, pool: Any, source: str) -> None:
        self._pool = pool
        self._source = source

    async def received(self, parts: Sequence[Part]) -> int:
        """The last position whose event is filed."""
        found: int = await self._pool().fetchval(_RECEIVED, *self._parameters(parts))
        return found

    async def taken_in(self, parts: Sequence[Part]) -> int:
        """Where the inbox stands: it moves in the statement that files."""
        found: int = await self._pool().fetchval(_TAKEN_IN, *self._parameters(parts))
        return found

    async def unbroken(self, parts: Sequence[Part], after: int) -> int:
        """Up to which position the events that follow one are filed without a gap."""
        found: int = await self._pool().fetchval(_UNBROKEN, *self._parameters(parts), after)
        return found

    async def page(self, parts: Sequence[Part], after: int, limit: int) -> list[bytes]:
        """Return the leaves that follow a position, as far as there is no gap."""
        filed = await self.copies(parts, after, after + limit)
        return [leaf for at, (position, leaf) in enumerate(filed, after + 1) if position == at]

    async def copies(self, parts: Sequence[Part], after: int, upto: int) -> list[tuple[int, bytes]]:
        """Return the positions after one and up to another that were filed, in order, each with its leaf."""
        rows = await self._pool().fetch(_FILED, *self._parameters(parts), after, upto)
        return [(row["position"], row["leaf"]) for row in rows]

    async def news(self, parts: Sequence[Part], after: int, upto: int) -> bool:
        """Whether an event in between is neither a witness's nor a consequence of one, as its delivery is."""
        found: bool = await self._pool().fetchval(_NEWS, *self._parameters(parts), after, upto)
        return found

    async def unfit(self, parts: Sequence[Part], upto: int) -> dict[int, bytes]:
        """The copies whose leaf does not follow from their columns: by position the leaf that does."""
        found: dict[int, bytes] = {}
        for after in range(0, upto, _PAGE):
            end = min(upto, after + _PAGE)
            for row in await self._pool().fetch(_WHOLE, *self._parameters(parts), after, end):
                if (leaf := _computed(row)) != row["leaf"]:
                    found[row["position"]] = leaf
        return found

    def _parameters(self, parts: Sequence[Part]) -> tuple[Any, ...]:
        ends = [_WITHOUT_END if part.upto is None else part.upto for part in parts]
        return self._source, [part.log_id for part in parts], ends


def _computed(row: Any) -> bytes:
    """The leaf that follows from a copy; none of an event where its columns can be those of none."""
    try:
        return leaf_hash(
            row["leaf_log"].bytes,
            row["position"],
            row["stream"].encode(),
            row["version"],
            row["type"].encode(),
            row["schema"],
            microseconds(row["recorded_at"]),
            microseconds(row["effective_at"]),
            sha256(row["data"]).digest(),
            sha256(row["meta"]).digest(),
            row["sealed_digest"],
            row["previous"],
        )
    except (struct.error, ValueError, OverflowError, TypeError):
        return NO_LEAF
