"""A store as it lies there, read without being opened: for commands that run while its service does not."""

from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

import asyncpg

from shared.eventstore.fence import read_head
from shared.eventstore.lineage import Lineage, read_lineage
from shared.eventstore.migrate import check_schema
from shared.eventstore.record import Record
from shared.eventstore.statements import READ, READ_ONE


@dataclass(frozen=True, slots=True)
class StoredLog:
    """The log of one service, as of `open`; on a connection with an administrator's rights of its own."""

    service: str
    connection: Any
    lineage: Lineage
    head: int

    @classmethod
    async def open(cls, service: str, database_url: str) -> Self:
        """Connect and read where the log stands; raise `UnusableStore` where there is none."""
        settings = {"search_path": service, "application_name": "tanfidh restore", "timezone": "UTC"}
        connection = await asyncpg.connect(database_url, timeout=10, server_settings=settings)
        try:
            await check_schema(connection, service, own=None)
            return await cls.of(service, connection)
        except BaseException:
            await connection.close()
            raise

    @classmethod
    async def of(cls, service: str, connection: Any) -> Self:
        """Read where the log stands now, on a connection whose search_path is the service's schema."""
        head = await read_head(connection)
        return cls(service, connection, await read_lineage(connection), head.position)

    @property
    def log_id(self) -> UUID:
        """The id of the log in force."""
        return self.lineage.current

    async def close(self) -> None:
        """Let go of the connection."""
        await self.connection.close()

    async def read(self, after: int, limit: int = 500) -> list[Record]:
        """Return at most `limit` records after a position, in order."""
        return [Record(*row) for row in await self.connection.fetch(READ, after, limit)]

    async def record_at(self, position: int) -> Record | None:
        """Return one record, or None beyond the end of the log."""
        row = await self.connection.fetchrow(READ_ONE, position)
        return Record(*row) if row is not None else None
