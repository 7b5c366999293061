"""A holder whose process stood still is told so, and not what its broken connection says of it."""

import asyncio
from collections.abc import Callable

import asyncpg
import pytest

from shared.messaging.election import HEARTBEAT, LEASE, LeaseRanOut, _watch


class Session:
    """A connection of a holder; PostgreSQL has ended it, and the client has not understood that."""

    def add_termination_listener(self, _: Callable[[object], None]) -> None:
        """Nothing is told."""

    async def fetchval(self, _: str) -> int:
        raise asyncpg.InternalClientError("cannot switch to state 12; another operation (2) is in progress")


async def watched(stood: float, monkeypatch: pytest.MonkeyPatch) -> BaseException:
    """Hold a seat on a loop that stands still for so many seconds; return what it is lost by."""
    loop = asyncio.get_running_loop()
    real, begun = loop.time, loop.time()
    watching = asyncio.create_task(_watch(Session(), begun))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    monkeypatch.setattr(loop, "time", lambda: real() + HEARTBEAT + stood)
    (error,) = await asyncio.gather(watching, return_exceptions=True)
    assert isinstance(error, Exception)
    return error


async def test_a_lease_that_ran_out_says_for_how_long_the_loop_stood_still(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    error = await watched(LEASE, monkeypatch)
    assert isinstance(error, LeaseRanOut) and isinstance(error, OSError)
    assert "the event loop stood still for 3." in str(error)


async def test_what_is_lost_otherwise_is_told_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(await watched(0.0, monkeypatch), asyncpg.InternalClientError)
