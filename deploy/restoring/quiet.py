"""Nothing may run while stores and streams are brought back in step."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from shared.eventstore.connection import session
from shared.messaging.election import inbox_seat, relay_seat, take_seat

_SESSIONS = """
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1
"""
LEAVING = 2.0
"""Seconds that a process which has just ended gets until PostgreSQL notices."""


class ServicesRun(Exception):
    """A service still runs on these engines."""

    def __init__(self, service: str, reason: str) -> None:
        super().__init__(f"{service} is running ({reason}). Stop all services first; nothing was changed.")


async def claim(connection: Any, reads: Mapping[str, Sequence[str]]) -> None:
    """Make sure that no service runs, and keep their relays and inboxes out while the connection lives.

    Raises:
        ServicesRun: one is connected, or its relay or inbox is at work.
    """
    for service, sources in reads.items():
        for seat in (relay_seat(service), *(inbox_seat(service, source) for source in sources)):
            if not await _within(LEAVING, take_seat, connection, seat):
                raise ServicesRun(service, f"somebody holds the seat {seat}")
        if not await _within(LEAVING, _is_away, connection, service):
            raise ServicesRun(service, "it is connected to the database")


async def _is_away(connection: Any, service: str) -> bool:
    number: int = await connection.fetchval(_SESSIONS, session(service)["application_name"])
    return number == 0


async def _within(seconds: float, test: Any, *arguments: Any) -> bool:
    deadline = asyncio.get_running_loop().time() + seconds
    while not await test(*arguments):
        if asyncio.get_running_loop().time() > deadline:
            return False
        await asyncio.sleep(0.05)  # neither a lock nor a session that ends tells anybody
    return True
