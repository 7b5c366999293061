"""A holder that is cut off from PostgreSQL, with a connection that looks alive: it and the server let go."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic
from urllib.parse import urlsplit

import pytest

from shared.messaging import election
from shared.messaging.election import Election
from shared.messaging.ending import end


class Cable:
    """Carries bytes to PostgreSQL and back until it is cut; both ends keep their connections then."""

    def __init__(self, host: str, port: int) -> None:
        self.port = 0
        self._there = host, port
        self._whole = asyncio.Event()
        self._whole.set()
        self._carrying: list[asyncio.Future[None]] = []

    def cut(self) -> None:
        """Let nothing through any more."""
        self._whole.clear()

    def take_up(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry what comes over a new connection."""
        self._carrying.append(asyncio.ensure_future(self._carry(reader, writer)))

    async def remove(self) -> None:
        """End every connection."""
        await end(*self._carrying)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(*self._there)
        ways = (self._one_way(reader, far_writer), self._one_way(far_reader, writer))
        try:
            await asyncio.gather(*ways)
        finally:
            writer.close()
            far_writer.close()

    async def _one_way(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            await self._whole.wait()
            writer.write(data)
            await writer.drain()


@asynccontextmanager
async def cable_to(database_url: str) -> AsyncIterator[tuple[Cable, str]]:
    """Lay a cable to a database; give it, and the address at its near end."""
    parts = urlsplit(database_url)
    cable = Cable(parts.hostname or "", parts.port or 0)
    server = await asyncio.start_server(cable.take_up, "127.0.0.1", 0)
    near = server.sockets[0].getsockname()[1]
    try:
        yield cable, database_url.replace(f":{parts.port}/", f":{near}/")
    finally:
        server.close()
        await cable.remove()


async def test_a_holder_that_is_cut_off_loses_its_seat_and_knows_it(database_url: str) -> None:
    reigns: asyncio.Queue[str] = asyncio.Queue()

    async def reign(name: str) -> None:
        reigns.put_nowait(f"{name} begins")
        try:
            await asyncio.Event().wait()
        finally:
            reigns.put_nowait(f"{name} ends")

    async with cable_to(database_url) as (cable, through):
        far, near = Election(through, "letters/relay"), Election(database_url, "letters/relay")
        holding = asyncio.create_task(far.run(lambda: reign("far")))
        assert await asyncio.wait_for(reigns.get(), 20) == "far begins"
        standing = asyncio.create_task(near.run(lambda: reign("near")))
        since = monotonic()
        cable.cut()
        told = [await asyncio.wait_for(reigns.get(), 20) for _ in range(2)]
        print(f"\ntaken over {monotonic() - since:.2f} s after the cable was cut")
        assert sorted(told) == ["far ends", "near begins"]
        assert near.elected and not far.elected
        await end(holding, standing)


async def test_a_seat_does_not_wander_while_its_holder_gives_signs_of_life(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(election, "LEASE", 2.0)
    monkeypatch.setattr(election, "HEARTBEAT", 0.4)
    begun = {"one": 0, "other": 0}
    first = asyncio.Event()

    async def reign(name: str) -> None:
        begun[name] += 1
        first.set()
        await asyncio.Event().wait()

    standing = [
        asyncio.create_task(Election(database_url, "letters/relay").run(lambda name=name: reign(name)))  # type: ignore[misc]  # bound now
        for name in begun
    ]
    await asyncio.wait_for(first.wait(), 20)
    ended, _ = await asyncio.wait(standing, timeout=3.0)
    await end(*standing)
    assert not ended and sum(begun.values()) == 1
