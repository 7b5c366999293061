"""One active relay, one active reader: elected among replicas by a PostgreSQL advisory lock."""

import asyncio
import hashlib
from collections.abc import Callable, Coroutine
from typing import Any

import asyncpg
import structlog

from shared.messaging.ending import end
from shared.messaging.outage import DATABASE_OUTAGE, Backoff

STAND_AGAIN = 0.5
"""Seconds between a standby's attempts. (Blocking in the lock would hold a snapshot and stop vacuum.)"""

HEARTBEAT = 5.0
"""Seconds between checks that the connection which holds the lock is alive."""

_KEEPALIVE = {"tcp_keepalives_idle": "5", "tcp_keepalives_interval": "2", "tcp_keepalives_count": "3"}

log = structlog.get_logger()


def relay_seat(service: str) -> str:
    """The seat of whoever publishes for a service."""
    return f"{service}/relay"


def inbox_seat(service: str, source: str) -> str:
    """The seat of whoever takes in another's events for a service."""
    return f"{service}/inbox/{source}"


async def take_seat(connection: Any, seat: str) -> bool:
    """Take a seat for as long as the connection lives; return whether it was free."""
    digest = hashlib.sha256(f"tanfidh/{seat}".encode()).digest()
    key = int.from_bytes(digest[:8], "big", signed=True)
    taken: bool = await connection.fetchval("SELECT pg_try_advisory_lock($1)", key)
    return taken


class Election:
    """A seat that one process at a time holds.

    The lock belongs to a connection of its own, which must reach PostgreSQL directly (not through a pooler
    that shares sessions). When that connection dies the holder's work is cancelled; a successor may
    have begun by then, so the work must be fenced by itself.
    """

    def __init__(self, database_url: str, seat: str) -> None:
        self.elected = False
        self.won = 0
        """How often this replica was elected."""
        self._url = database_url
        self._seat = seat

    @property
    def role(self) -> str:
        """What whoever is elected does, for example ``inbox/tasks``: the seat without its service."""
        return self._seat.partition("/")[2]

    async def run(self, reign: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Stand for election until cancelled, and run `reign` for as long as elected."""
        backoff = Backoff()
        while True:
            try:
                connection = await asyncpg.connect(
                    self._url, timeout=HEARTBEAT, command_timeout=HEARTBEAT, server_settings=_KEEPALIVE
                )
                try:
                    await self._stand(connection)
                    backoff.reset()
                    await self._hold(connection, reign)
                finally:
                    connection.terminate()
            except (asyncpg.PostgresError, *DATABASE_OUTAGE) as error:
                # Whatever PostgreSQL refuses, a changed password too, may be mended without a restart.
                log.warning("election.interrupted", seat=self._seat, error=repr(error))
                await backoff.wait()

    async def _stand(self, connection: Any) -> None:
        while not await take_seat(connection, self._seat):
            await asyncio.sleep(STAND_AGAIN)

    async def _hold(self, connection: Any, reign: Callable[[], Coroutine[Any, Any, None]]) -> None:
        log.info("election.won", seat=self._seat)
        self.elected = True
        self.won += 1
        work = asyncio.create_task(reign())
        watch = asyncio.create_task(_watch(connection))
        try:
            await asyncio.wait({work, watch}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.elected = False
            await end(work, watch)
        for ended in (work, watch):
            if not ended.cancelled():
                ended.result()


async def _watch(connection: Any) -> None:
    """Return, or raise, when the connection is lost."""
    lost = asyncio.Event()
    connection.add_termination_listener(lambda _: lost.set())
    while not lost.is_set():
        try:
            await asyncio.wait_for(lost.wait(), HEARTBEAT)
        except TimeoutError:
            await connection.fetchval("SELECT 1")
    raise ConnectionError("the connection that held the lock is lost")
