"""Waiting at the start for an engine that is not there yet.

Whatever starts first waits for the rest, and says so. What waiting does not mend is refused at once: a
wrong schema, a wrong password, a right that is missing.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import structlog
from faststream.nats import NatsBroker
from nats.aio.client import Client

from shared.eventstore.line import AWAY
from shared.messaging.ending import end
from shared.messaging.outage import Backoff

AGAIN = 1.0
"""Seconds between attempts, at most."""

SAY_AGAIN = 10.0
"""Seconds between two lines in the log about the same wait."""

_waiting: Counter[str] = Counter()

log = structlog.get_logger()


def awaited() -> list[str]:
    """Which engines the services of this process wait for at their start, just now."""
    return sorted(+_waiting)


@contextmanager
def _waits_for(engine: str) -> Iterator[None]:
    _waiting[engine] += 1
    try:
        yield
    finally:
        _waiting[engine] -= 1


async def with_database(attempt: Callable[[], Awaitable[None]]) -> None:
    """Do something that needs PostgreSQL; wait while it is away, starting or full."""
    backoff, loop = Backoff(longest=AGAIN), asyncio.get_running_loop()
    said = float("-inf")
    while True:
        try:
            await attempt()
        except AWAY as reason:
            if loop.time() - said >= SAY_AGAIN:
                said = loop.time()
                log.warning("start.waits", engine="PostgreSQL", reason=repr(reason))
            with _waits_for("PostgreSQL"):
                await backoff.wait()
        else:
            return


async def connected(broker: NatsBroker) -> Client:
    """Connect to NATS, however long it is away; raise where it refuses us."""
    connecting = asyncio.ensure_future(broker.connect())
    patience = AGAIN
    try:
        with _waits_for("NATS"):
            while not (await asyncio.wait({connecting}, timeout=patience))[0]:
                log.warning("start.waits", engine="NATS")
                patience = SAY_AGAIN
        return connecting.result()
    finally:
        await end(connecting)
