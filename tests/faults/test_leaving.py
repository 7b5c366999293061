"""Promise 15: SIGTERM under load, with everything in the way that can hang."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit

import pytest

from shared.eventstore.record import Record
from tests.engines import ThrowawayEngines
from tests.faults.entering import DEPARTMENT, dossier, enter
from tests.faults.ministry import Ministry, ministry_in
from tests.faults.processes import Served, rounds, until
from tests.faults.streams import check_same, listening, messages_upto
from tests.faults.wire import LOST, Answer, Wire

pytestmark = [pytest.mark.faults, pytest.mark.timed]

TERM = signal.SIGTERM
WRITERS = 32
WITHIN = 10.0
MISSIONS = [f"emb-{number}" for number in range(20)]


@dataclass
class Heard:
    """What clients heard: answers by status, and how many of them asked them to close."""

    told: dict[str, int] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)
    unavailable: list[Answer] = field(default_factory=list)
    closing: int = 0
    refused: int = 0
    unready_first: bool = False


class Writers:
    """Clients that write until nobody takes their connections any more; each key is sent once."""

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
        key = f"p-{self._number:08x}"
        self.heard.unknown.add(key)
        answer = await self._post(wire, key)
        if answer.status == 201:
            self.heard.told[key] = answer.status
            self.heard.unknown.discard(key)
        elif answer.status == 503:
            self.heard.unavailable.append(answer)
        else:
            raise AssertionError(answer)
        if len(self.heard.told) > 100:
            self.under_way.set()
        closes = answer.headers.get("connection") == "close"
        self.heard.closing += closes
        return not closes

    async def _post(self, wire: Wire, key: str) -> Answer:
        mission = MISSIONS[int(key.removeprefix("p-"), 16) % len(MISSIONS)]
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
    """How a process ended, and what its clients heard.

    Attributes:
        waited: the answer to a reader who preferred to wait for half a minute.
        half_sent: the answer to somebody who sent no more of a request than its head.
    """

    code: int
    seconds: float
    heard: Heard
    waited: Answer
    half_sent: Answer | None


async def leave_under_load(
    ministry: Ministry, served: Served, obstacle: Callable[[], object] | None = None, *more: signal.Signals
) -> Ended:
    """End a process with SIGTERM while writers write, somebody waits, and somebody never sends a whole line.

    With an obstacle somebody sends half a request besides, for which the process waits until its time is up.
    """
    writers = Writers(ministry)
    writing = asyncio.create_task(writers.write(served))
    parts, token = urlsplit(served.url), ministry.token
    _, hung = await asyncio.open_connection(parts.hostname, parts.port)
    async with (
        asyncio.timeout(60),
        connected(served.url, token) as patient,
        connected(served.url, token) as half,
    ):
        await writers.under_way.wait()
        hung.write(b"POST /staff/x/post HTTP/1.1\r\nHost: tanf")
        ahead = ("Prefer: wait=30", "Tanfidh-Position: 99999999")
        waits = asyncio.create_task(patient.send(b"GET /missions", b"", *ahead))
        halved = None
        if obstacle is not None:
            sent = half.send_half(b"POST /staff/h/post", 1000, "Idempotency-Key: half")
            halved = asyncio.create_task(sent)
            await asyncio.to_thread(obstacle)
        since = monotonic()
        served.signal(TERM)
        writers.heard.unready_first = await until(lambda: says_that_it_leaves(served, token))
        for number in more:
            served.signal(number)
        waited = await waits
        half_sent = await halved if halved is not None else None
        code = await served.left()
        seconds = monotonic() - since
        await writing
    hung.close()
    return Ended(code, seconds, writers.heard, waited, half_sent)


async def says_that_it_leaves(served: Served, token: str) -> bool:
    async with connected(served.url, token) as wire:
        answer = await wire.send(b"GET /readyz")
    return answer.status == 503 and b"shutting-down" in answer.body


def check(ended: Ended, database_away: bool) -> None:
    """Whatever was in the way: everybody was told, or not taken any more, and the process ended well."""
    heard = ended.heard
    print(
        f"\nended after {ended.seconds:.2f} s; {len(heard.told)} commands done, "
        f"{len(heard.unavailable)} told to come again, "
        f"{len(heard.unknown) - len(heard.unavailable)} not answered"
    )
    assert ended.code == 0 and ended.seconds < WITHIN
    assert heard.unready_first and heard.closing
    for answer in (*heard.unavailable, *([ended.half_sent] if ended.half_sent is not None else ())):
        assert (answer.status, answer.headers["content-type"]) == (503, "application/problem+json")
        assert answer.headers["connection"] == "close" or b"store-unavailable" in answer.body
    assert ended.waited.status == (503 if database_away else 200), ended.waited
    assert "preference-applied" not in ended.waited.headers


async def test_what_is_under_way_is_finished_and_nothing_is_lost(
    engines: ThrowawayEngines, tmp_path: Path
) -> None:
    async with ministry_in(engines, tmp_path) as ministry:
        served = await ministry.serve("registry")
        async with ministry.client(served) as client:
            await enter(client, dossier(1, MISSIONS), "dossier")
        told: set[str] = set()

        async def again(ended: Ended, database_away: bool = False) -> None:
            check(ended, database_away)
            await served.start()
            repeated = Writers(ministry)
            repeated.heard = ended.heard
            await repeated.repeat(served)
            told.update(ended.heard.told)

        def engines_away() -> None:
            os.kill(ministry.nats.server.pid, signal.SIGSTOP)
            engines.stop_database()

        def engines_back() -> None:
            engines.start_database()
            os.kill(ministry.nats.server.pid, signal.SIGCONT)

        for number in range(rounds(1, every=10)):
            ended = await leave_under_load(ministry, served)
            assert not ended.heard.unavailable, "with all engines there everything is answered"
            await again(ended)
            ended = await leave_under_load(ministry, served, engines_away, *([TERM] if number else ()))
            await asyncio.to_thread(engines_back)
            await again(ended, database_away=True)
        head = await ministry.fetchval("registry", "SELECT position FROM head")
        async with listening(ministry.nats.url) as nc:
            messages = await messages_upto(nc, "registry", head)
        records: list[Record] = await ministry.checked_log("registry")
    assert sorted(r.id for r in records if r.type == "registry.staff.posted") == sorted(told)
    check_same(records, messages)
