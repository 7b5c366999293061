"""One active relay, one active reader: elected among replicas by a PostgreSQL advisory lock."""

import asyncio
import hashlib
import random
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

import asyncpg
import structlog

from shared.messaging.ending import end
from shared.messaging.outage import DATABASE_OUTAGE, Backoff

STAND_AGAIN = 0.5
"""Seconds between a standby's attempts, at most; they vary, so that the seats of a replica that died do not
all fall to the same one. (Blocking in the lock would hold a snapshot and stop vacuum.)"""

LEASE = 3.0
"""Seconds for which a seat stays with a holder of whom nothing is heard: PostgreSQL then ends the session,
and the lock with it. A killed process loses it at once; this is for one that hangs, or is cut off."""

HEARTBEAT = 0.75
"""Seconds between the signs of life that a holder gives."""

LONGEST_PAUSE = 1.0
"""Seconds between attempts to reach a PostgreSQL that is away, at most."""

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


class LeaseRanOut(ConnectionError):
    """The seat is lost because this process gave no sign of life: its event loop stood still."""

    def __init__(self, stood: float) -> None:
        super().__init__(f"the lease of {LEASE:g} s ran out: the event loop stood still for {stood:.1f} s")


class Election:
    """A seat that one process at a time holds.

    The lock belongs to a connection of its own, which must reach PostgreSQL directly (not through a pooler
    that shares sessions). Its holder must give signs of life: PostgreSQL ends a session that is silent for
    `LEASE`, and a holder who hears nothing for as long lets go of itself, sooner. When the connection dies
    the holder's work is cancelled; a holder that was halted may find out after its successor has begun, so
    the work must be fenced by itself.
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
        backoff = Backoff(longest=LONGEST_PAUSE)
        while True:
            try:
                connection = await self._connect()
                try:
                    heard = await self._stand(connection)
                    backoff.reset()
                    await self._hold(connection, heard, reign)
                finally:
                    connection.terminate()
            except (asyncpg.PostgresError, *DATABASE_OUTAGE) as error:
                # Whatever PostgreSQL refuses, a changed password too, may be mended without a restart.
                log.warning("election.interrupted", seat=self._seat, error=repr(error))
                await backoff.wait()

    async def _connect(self) -> Any:
        settings = {
            "application_name": f"tanfidh seat {self._seat}",
            "idle_session_timeout": str(round(LEASE * 1000)),
        }
        return await asyncpg.connect(
            self._url, timeout=LEASE, command_timeout=LEASE, server_settings=settings
        )

    async def _stand(self, connection: Any) -> float:
        """Wait until the seat is ours; return when its session gave a sign of life last."""
        while True:
            asked = asyncio.get_running_loop().time()
            if await take_seat(connection, self._seat):
                return asked
            await asyncio.sleep(STAND_AGAIN * random.uniform(0.5, 1))

    async def _hold(
        self, connection: Any, heard: float, reign: Callable[[], Coroutine[Any, Any, None]]
    ) -> None:
        log.info("election.won", seat=self._seat)
        self.elected = True
        self.won += 1
        work = asyncio.create_task(reign())
        watch = asyncio.create_task(_watch(connection, heard))
        try:
            await asyncio.wait({work, watch}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.elected = False
            await end(work, watch)
        for ended in (work, watch):
            if not ended.cancelled():
                ended.result()


async def _watch(connection: Any, heard: float) -> None:
    """Give signs of life; raise when the connection is lost, or nothing was answered for `LEASE`.

    The lease is counted from when the last sign that was answered was given, which is no later than when
    PostgreSQL begins to count.
    """
    loop, lost = asyncio.get_running_loop(), asyncio.Event()
    connection.add_termination_listener(lambda _: lost.set())
    while True:
        due = loop.time() + HEARTBEAT
        with suppress(TimeoutError):
            await asyncio.wait_for(lost.wait(), HEARTBEAT)
        given = loop.time()
        try:
            if lost.is_set():
                raise ConnectionError("the connection that held the lock is lost")
            await _give_sign(connection, heard + LEASE - given)
        except Exception as error:
            if given - due > LEASE - 2 * HEARTBEAT:
                raise LeaseRanOut(given - due) from error
            raise
        heard = given


async def _give_sign(connection: Any, patience: float) -> None:
    answer = asyncio.ensure_future(connection.fetchval("SELECT 1"))
    answer.add_done_callback(_looked_at)
    # Not cancelled where it does not come: asyncpg would ask a server out of reach to cancel it.
    if not (await asyncio.wait({answer}, timeout=max(0.0, patience)))[0]:
        raise TimeoutError(f"no sign of life was answered for {LEASE:g} s")
    answer.result()


def _looked_at(answer: "asyncio.Future[Any]") -> None:
    """Take notice of how an answer that nobody waits for any more ended."""
    if not answer.cancelled():
        answer.exception()
