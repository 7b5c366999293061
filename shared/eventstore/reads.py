"""What is read of a store by the way: rows, histories, and aggregates as of a position."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar, cast

import asyncpg

from shared.domain import Aggregate
from shared.eventstore.loading import load
from shared.eventstore.record import Record
from shared.eventstore.statements import ERASED, HISTORY, IS_ERASED, POSITION_AT, READ, READ_ONE, SEALED

A = TypeVar("A", bound=Aggregate)

ENDLESS = 2**63 - 1


class Reads(ABC):
    """Reads of the log as it is committed, on connections of a pool."""

    pool: "asyncpg.Pool[Any]"

    @property
    @abstractmethod
    def head(self) -> int:
        """The last position known to this process."""

    async def record_at(self, position: int) -> Record | None:
        """Return one record, or None beyond the end of the log."""
        row = await self.pool.fetchrow(READ_ONE, position)
        return Record(*row) if row is not None else None

    async def stored(self, after: int, limit: int) -> list[Record]:
        """Return at most `limit` records after a position, in order, as PostgreSQL has them."""
        return [Record(*row) for row in await self.pool.fetch(READ, after, limit)]

    async def history(
        self, stream: str, after_version: int = 0, upto: int = ENDLESS, limit: int | None = None
    ) -> list[Record]:
        """Return the records of a stream after a version, as of a position of the log; at most `limit`."""
        rows = await self.pool.fetch(HISTORY, stream, after_version, upto, limit)
        return [Record(*row) for row in rows]

    async def erased(self, after: int, limit: int = 500) -> list[Record]:
        """Return the records after a position that erase a person, in order; at most `limit`."""
        return [Record(*row) for row in await self.pool.fetch(ERASED, after, limit)]

    async def sealed(self, after: int, limit: int = 500) -> list[Record]:
        """Return the records after a position that hold personal data, in order; at most `limit`."""
        return [Record(*row) for row in await self.pool.fetch(SEALED, after, limit)]

    async def is_erased(self, stream: str) -> bool:
        """Whether the person of a stream is erased by now."""
        erased: bool = await self.pool.fetchval(IS_ERASED, stream)
        return erased

    async def load(self, kind: type[A], id: str, upto: int | None = None) -> A:
        """Build an aggregate as of a position of the log (its head where none is given)."""
        blank = kind.blank(id)
        position = self.head if upto is None else upto
        return cast(A, (await load(self.pool, [(kind, id)], position))[blank.stream].aggregate)

    async def load_all(self, wanted: Sequence[tuple[type[Aggregate], str]], upto: int) -> list[Aggregate]:
        """Build several aggregates as of a position of the log, in the order in which they are named."""
        found = await load(self.pool, wanted, upto)
        return [found[kind.blank(id).stream].aggregate for kind, id in wanted]

    async def checkpoint(self) -> str | None:
        """The newest signed statement of the log's size and root, or None of an empty log."""
        note: str | None = await self.pool.fetchval("SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1")
        return note

    async def position_at(self, moment: datetime) -> int:
        """The position of the last event that was recorded by a moment; 0 before the first one."""
        position: int = await self.pool.fetchval(POSITION_AT, moment)
        return position

    async def moment_of(self, position: int) -> datetime | None:
        """When the event at a position was recorded."""
        moment: datetime | None = await self.pool.fetchval(
            "SELECT recorded_at FROM events WHERE position = $1", position
        )
        return moment
