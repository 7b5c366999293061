"""The copies of a log's events that audit received over NATS, as it filed them."""

from collections.abc import Sequence
from typing import Any

from services.audit.witness import FiledLeaves
from shared.witness.statement import Part

_THERE = "SELECT to_regclass('audit.filed') IS NOT NULL"
_DIFFERENT = """
    SELECT position FROM audit.filed
    JOIN audit.filed_logs ON log = number
    JOIN unnest($2::uuid[], $3::bigint[]) AS part (log_id, upto) USING (log_id)
    JOIN events USING (position)
    WHERE filed.source = $1 AND position <= upto AND filed.leaf = events.leaf
      AND (filed.stream, filed.version, filed.type, filed.schema, filed.recorded_at, filed.effective_at,
           filed.data, filed.meta)
       IS DISTINCT FROM (events.stream, events.version, events.type, events.schema, events.recorded_at,
                         events.effective_at, events.data, events.meta)
    ORDER BY position LIMIT $4"""
_WITHOUT_END = 2**63 - 1


class Copies:
    """Leaves as they were received, by position; none where audit files none.

    On a connection whose search_path is the service's schema and then audit's.
    """

    def __init__(self, connection: Any, service: str, parts: Sequence[Part]) -> None:
        self._connection = connection
        self._service = service
        self._parts = parts
        self._leaves: FiledLeaves | None = None

    async def open(self) -> "Copies":
        """Look whether audit files anything."""
        if await self._connection.fetchval(_THERE):
            self._leaves = FiledLeaves(lambda: self._connection, self._service)
        return self

    async def received(self) -> int:
        """Up to which position there are copies."""
        return await self._leaves.received(self._parts) if self._leaves is not None else 0

    async def page(self, after: int, upto: int) -> dict[int, bytes]:
        """Return the leaves after a position and up to another."""
        if self._leaves is None:
            return {}
        return dict(await self._leaves.copies(self._parts, after, upto))

    async def different(self, limit: int) -> list[int]:
        """Positions at which a copy has the event's leaf and tells something else: the copy was changed."""
        if self._leaves is None:
            return []
        ends = [_WITHOUT_END if part.upto is None else part.upto for part in self._parts]
        logs = [part.log_id for part in self._parts]
        rows = await self._connection.fetch(_DIFFERENT, self._service, logs, ends, limit)
        return [row["position"] for row in rows]
