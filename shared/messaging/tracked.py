"""How far services have taken in a source's events, by what lies in their schemas."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Tracked:
    """Where one service stands in the log of another."""

    service: str
    source: str
    log_id: UUID
    position: int


async def read_tracked(connection: Any, service: str, source: str) -> Tracked | None:
    """Read it; None where the service has taken in nothing of the source yet."""
    row = await connection.fetchrow(
        f'SELECT log_id, position FROM "{service}".inboxes WHERE name = $1', source
    )
    return Tracked(service, source, *row) if row is not None else None


async def set_tracked(connection: Any, tracked: Tracked) -> None:
    """Set it back, with its service stopped."""
    await connection.execute(
        f'UPDATE "{tracked.service}".inboxes SET log_id = $2, position = $3 WHERE name = $1',
        tracked.source,
        tracked.log_id,
        tracked.position,
    )
