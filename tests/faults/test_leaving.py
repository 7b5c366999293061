"""Promise 15: SIGTERM under load, with everything in the way that can hang."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit

import pytest

from shared.eventstore.record import Record
from tests.engines import ThrowawayEngines
from tests.faults.ministry import DEPARTMENT, Ministry, dossier, enter, ministry_in
from tests.faults.processes import Served, rounds, until
from tests.faults.streams import check_same, listening, messages_upto
from tests.faults.wire import LOST, Answer, Wire

pytestmark = pytest.mark.faults

WRITERS = 32
WITHIN = 10.0
MISSIONS = [f"emb-{number}" for number in range(20)]


@dataclass
class Heard:
    """What clients heard: answers by status, and how many of them asked them to close."""

    told: dict[str, int] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)
    unavailable: list[Answer] = field(default_factory=list)
    others: list[Answer] = field(default_factory=list)
    closing: int = 0
    refused: int = 0
    unready_first: bool = False


class Writers:
    """Clients that write until nobody takes their connections any more; each key is sent once, then repeated."""

    def __init__(self, ministry: Ministry) -> None:
        self.heard = Heard()
        self.under_way = asyncio.Event()
        self._ministry = ministry
        self._number = 0

    async def write(self, served: Served) -> None:
        """Write to one process until it is gone."""
        await asyncio.gather(*(self._one(served.url) for _ in range(WRITERS)))

    async def repeat(self, served: Served) -> None:
        """Send again what was not answered with success."""
        async with connected(served.url, self._ministry.token) as wire:
            for key in sorted(self.heard.unknown):
                answer = await self._post(wire, key)
                assert answer.status == 201, answer
                self.heard.told[key] = 201
        self.heard.unknown.clear()

    async def _one(self, url: str) -> None:
        while True:
            try:
                async with connected(url, self._ministry.token) as wire:
                    while await self._once(wire):
                        pass
            except LOST:
                try:
                    async with connected(url, self._ministry.token):
                        continue
                except OSError:
                    self.heard.refused += 1
                    return

    async def _once(self, wire: Wire) -> bool:
        """Send one command; tell whether the connection goes on."""
        self._number += 1
        key = f"l-{self._number:08x}"
        self.heard.unknown.add(key)
        answer = await self._post(wire, key)
        if answer.status == 201:
            self.heard.told[key] = answer.status
            self.heard.unknown.discard(key)
        elif answer.status == 503:
            self.heard.unavailable.append(answer)
        else:
            self.heard.others.append(answer)
        if len(self.heard.told) > 100:
            self.under_way.set()
        closes = answer.headers.get("connection") == "close"
        self.heard.closing += closes
        return not closes

    async def _post(self, wire: Wire, key: str) -> Answer:
        mission = MISSIONS[int(key.removeprefix("l-"), 16) % len(MISSIONS)]
        body = {"mission": mission, "category": "attached-officer", "authority": DEPARTMENT}
        return await wire.post(f"/staff/{key}/post", key, body)


@asynccontextmanager
async def connected(url: str, token: str) -> AsyncIterator[Wire]:
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    wire = Wire(reader, writer, token)
    try:
        yield wire
    finally:
        await wire.close()


@dataclass
class Ended:
    code: int
    seconds: float
    heard: Heard
    waited: Answer
    half_sent: Answer


async def leave_under_load(ministry: Ministry, served: Served, obstacle: Callable[[], None]) -> Ended:
    """Let writers write, others hang, and something be in the way; then end the process with SIGTERM, twice."""
    writers = Writers(ministry)
    parts = urlsplit(served.url)
    writing = asyncio.create_task(writers.write(served))
    reader, hung = await asyncio.open_connection(parts.hostname, parts.port)
    silent_reader, silent = await asyncio.open_connection(parts.hostname, parts.port)
    async with connected(served.url, ministry.token) as patient, connected(served.url, ministry.token) as half:
        await writers.under_way.wait()
        hung.write(b"POST /staff/x/post HTTP/1.1\r\nHost: tanf")  # and no more of it ever comes
        waits = asyncio.create_task(
            patient.send(b"GET /missions", b"", "Prefer: wait=30", "Tanfidh-Position: 99999999")
        )
        halved = asyncio.create_task(
            half.send_half(b"POST /staff/h/post", 1000, "Idempotency-Key: half")
        )
        await asyncio.to_thread(obstacle)
        since = monotonic()
        served.signal(signal.SIGTERM)
        unready = await until(lambda: says_unready(served, ministry.token))
        writers.heard.unready_first = unready
        waited = await waits
        code = await served.left()
        seconds = monotonic() - since
        await writing
        half_sent = await halved
    for writer in (hung, silent):
        writer.close()
    del reader, silent_reader
    return Ended(code, seconds, writers.heard, waited, half_sent)


async def says_unready(served: Served, token: str) -> bool:
    async with connected(served.url, token) as wire:
        answer = await wire.send(b"GET /readyz")
    return answer.status == 503 and b"shutting-down" in answer.body


OBSTACLES = ("nothing", "broker-away", "broker-hangs", "database-away")
