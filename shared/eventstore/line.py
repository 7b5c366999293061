"""The line to PostgreSQL: a connection to commit on and one to fetch on, renewed when lost."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import structlog

AWAY = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.InternalClientError,
)
"""PostgreSQL is away, starting, stopping, full, or a standby for the moment. (TimeoutError is an OSError.)"""
ANY_FAILURE = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""Whatever PostgreSQL or its client may raise; for work that may be left out or done later."""


def is_away(error: BaseException) -> bool:
    """Whether what was raised by a question says that PostgreSQL is away, rather than that it refused it.

    Files raise errors of the same kind, so that of these only those of connections count. A value that cannot
    be sent is an error of asyncpg's interface, and a ValueError too.
    """
    if isinstance(error, OSError):
        return isinstance(error, ConnectionError | TimeoutError)
    return isinstance(error, (*AWAY, asyncpg.InterfaceError)) and not isinstance(error, ValueError)


PARTING = 1.0
"""Seconds that a connection gets to be closed in good order."""

LONGEST_PAUSE = 0.5
"""Seconds between two attempts to come back, at most."""

log = structlog.get_logger()


class Line:
    """Two connections that live and die together."""

    def __init__(self, connect: Callable[[], Awaitable[Any]]) -> None:
        self.committing: Any = None
        self.fetching: Any = None
        self.failures = 0
        self._connect = connect

    async def open(self) -> None:
        """Connect both."""
        self.committing = await self._connect()
        self.fetching = await self._connect()

    async def close(self) -> None:
        """Let go of both in good order."""
        opened = [connection for connection in (self.committing, self.fetching) if connection is not None]
        await asyncio.gather(*map(_part, opened))

    def cut(self) -> None:
        """Let go of both at once."""
        for connection in (self.committing, self.fetching):
            if connection is not None:
                connection.terminate()

    def lost(self, error: BaseException | None) -> bool:
        """Whether an error says that PostgreSQL is away or going, rather than that it refused something."""
        if isinstance(error, asyncpg.InterfaceError):
            return bool(self.committing.is_closed() or self.fetching.is_closed())
        return isinstance(error, AWAY)

    async def renew(self, take_up: Callable[[], Awaitable[None]], failed: Callable[[], None]) -> None:
        """Connect until PostgreSQL is back and `take_up` has succeeded; call `failed` before each attempt.

        Attempts come more and more slowly until something is committed again: a database that answers and
        takes no writes is not back.
        """
        while True:
            self.cut()
            failed()
            if self.failures:
                await asyncio.sleep(min(0.05 * 2 ** min(self.failures, 8), LONGEST_PAUSE))
            self.failures += 1
            try:
                await self.open()
                await take_up()
            except Exception as error:
                if not isinstance(error, ANY_FAILURE):
                    raise
            else:
                log.info("store.back")
                return


async def _part(connection: Any) -> None:
    try:
        await connection.close(timeout=PARTING)
    except ANY_FAILURE:
        connection.terminate()
