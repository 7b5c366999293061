"""Audit as the witness of the other services' logs."""

from collections.abc import Sequence
from typing import Any, ClassVar

from shared.contracts.audit import CheckpointWitnessed, InconsistencyFound
from shared.contracts.event import Event
from shared.witness.statement import Part
from shared.witness.witness import Witness

_FILED = """
    SELECT DISTINCT ON (position) position, leaf, kind
    FROM filed
    JOIN filed_logs ON filed.log = filed_logs.number
    JOIN unnest($2::uuid[], $3::bigint[]) WITH ORDINALITY AS part (log_id, upto, age) USING (log_id)
    WHERE filed.source = $1 AND position > $4 AND position <= least($5, upto)
    ORDER BY position, age DESC"""
_RECEIVED = """
    SELECT coalesce(max(least(last, upto)), 0)
    FROM unnest($2::uuid[], $3::bigint[]) AS part (log_id, upto)
    JOIN filed_logs ON filed_logs.source = $1 AND filed_logs.log_id = part.log_id
    CROSS JOIN LATERAL (
        SELECT max(position) AS last FROM filed WHERE source = $1 AND log = number
    ) AS filed
    WHERE last IS NOT NULL"""
_WITHOUT_END = 2**63 - 1


class AuditWitness(Witness):
    """What audit knows of another service's log."""

    witnessed_as: ClassVar[type[Event]] = CheckpointWitnessed
    found_as: ClassVar[type[Event]] = InconsistencyFound


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
        """Up to which position the events have been received."""
        found: int = await self._pool().fetchval(_RECEIVED, *self._parameters(parts))
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
        """Whether an event in between is of another kind than `witness`."""
        query = f"SELECT EXISTS (SELECT FROM ({_FILED}) AS found WHERE kind <> 'witness')"
        found: bool = await self._pool().fetchval(query, *self._parameters(parts), after, upto)
        return found

    def _parameters(self, parts: Sequence[Part]) -> tuple[Any, ...]:
        ends = [_WITHOUT_END if part.upto is None else part.upto for part in parts]
        return self._source, [part.log_id for part in parts], ends
