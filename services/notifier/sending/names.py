"""The look-up of names: one at a time of each name, and a few for each owner.

A look-up cannot be broken off: it keeps its thread until the name server answers or the resolver gives up,
half a minute later. Threads are therefore shared fairly, and waiting for one is no part of an attempt.
"""

import asyncio
import socket
from contextlib import suppress
from threading import Thread

from services.notifier.sending.fair import FairPlaces

THREADS = 64
"""Look-ups under way, at most, each in its own thread: those of a pool hold up the end of the process."""

PART = 1 / 16
"""Of the free threads, as many may one owner hold: 4 where nobody else has any."""

LOOK_UP_S = 5.0
"""Seconds that a look-up may take, once it is under way."""

Asked = asyncio.Future[list[str]]


class Names:
    """Looks up names, each once for all who ask at the same time."""

    def __init__(self) -> None:
        self._places = FairPlaces(THREADS, PART)
        self._under_way: dict[str, Asked] = {}
        self._turns: dict[tuple[str, str], asyncio.Task[Asked]] = {}

    async def look_up(self, host: str, owner: str) -> list[str]:
        """Return all addresses of a name, or none where it is unknown.

        Raises:
            TimeoutError: the look-up takes too long; waiting for its turn does not count.
        """
        asked = self._under_way.get(host) or await self._turn(host, owner)
        async with asyncio.timeout(LOOK_UP_S):
            return await asyncio.shield(asked)

    def close(self) -> None:
        """Begin no look-up any more; those under way end with their threads, for which no process waits."""
        for turn in self._turns.values():
            turn.cancel()

    async def _turn(self, host: str, owner: str) -> Asked:
        """Wait until the look-up is under way; those of one owner who want the same name wait together.

        Those of another owner have a turn of their own: what keeps the one waiting must not keep the other.
        """
        key = (owner, host)
        if key not in self._turns:
            self._turns[key] = asyncio.create_task(self._begin(host, owner))
            self._turns[key].add_done_callback(lambda _: self._turns.pop(key))
        return await asyncio.shield(self._turns[key])

    async def _begin(self, host: str, owner: str) -> Asked:
        await self._places.take(owner)
        if host in self._under_way:
            self._places.give_back(owner)
            return self._under_way[host]
        self._under_way[host] = asked = asyncio.get_running_loop().create_future()
        asked.add_done_callback(lambda _: self._end(host, owner))
        try:
            Thread(target=_answer, args=(host, asked), name=f"resolving {host}", daemon=True).start()
        except RuntimeError:  # no thread can be started
            asked.cancel()
            raise
        return asked

    def _end(self, host: str, owner: str) -> None:
        del self._under_way[host]
        self._places.give_back(owner)


def _answer(host: str, asked: Asked) -> None:
    found: list[str] = []
    try:
        found = resolve(host)
    finally:
        with suppress(RuntimeError):  # the loop has ended, and nobody waits
            asked.get_loop().call_soon_threadsafe(_tell, asked, found)


def _tell(asked: Asked, found: list[str]) -> None:
    if not asked.done():
        asked.set_result(found)


def resolve(host: str) -> list[str]:
    """Ask the resolver; blocks. A scope (``fe80::1%eth0``) stays, and is refused with its address."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [str(place[0]) for *_, place in found]
