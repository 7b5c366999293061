"""Many clients at once, who repeat under the same key what they were not told about."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count, cycle, islice

from tests.faults.entering import DEPARTMENT
from tests.faults.ministry import Ministry
from tests.faults.processes import Served
from tests.faults.wire import LOST, Answer, Wire, wires

CLIENTS = 48
PATIENCE = 120
"""Seconds that the answers may take altogether, outages included."""


@dataclass(frozen=True)
class Told:
    """The answer to a command."""

    position: int
    etag: str
    body: bytes


class Crowd:
    """Clients who post staff to missions; each command has a key and a staff member of its own."""

    def __init__(self, ministry: Ministry, missions: Sequence[str]) -> None:
        self.told: dict[str, Told] = {}
        self.untold: set[str] = set()
        self.unavailable = 0
        self._ministry = ministry
        self._missions = missions
        self._numbers = count(1)
        self._strike: Callable[[], object] | None = None
        self._at = 0
        self._by = ""
        self._end = 0

    async def press(
        self,
        served: Sequence[Served],
        answers: int,
        then: Callable[[], object],
        more: int = 0,
        by: Served | None = None,
    ) -> None:
        """Send commands to all of `served` until so many are answered, and call `then` in that very moment.

        Where `by` is given, wait on for an answer of that process: it is at work then. Go on for as many
        answers as `more` says, and return when all who still live have heard.
        """
        self._strike, self._at, self._by = then, len(self.told) + answers, "" if by is None else by.url
        self._end = self._at + more
        urls = list(islice(cycle(one.url for one in served), CLIENTS))
        async with asyncio.timeout(PATIENCE), wires(urls, self._ministry.token) as clients:
            work = (self._work(client, url) for client, url in zip(clients, urls, strict=True))
            await asyncio.gather(*work)

    async def repeat(self, served: Sequence[Served]) -> set[str]:
        """Send again what nobody was told about; return the keys of what was stored already."""
        asked = sorted(self.untold)
        async with wires(
            islice(cycle(one.url for one in served), len(asked)), self._ministry.token
        ) as clients:
            answers = await asyncio.gather(
                *(self._post(client, key) for client, key in zip(clients, asked, strict=True))
            )
        for key, answer in zip(asked, answers, strict=True):
            self._note(key, answer)
        return {key for key, answer in zip(asked, answers, strict=True) if answer.replayed}

    async def recall(self, served: Served, keys: Sequence[str]) -> None:
        """Repeat commands that were answered: the answer must be the same, byte for byte."""
        async with wires([served.url], self._ministry.token) as (client,):
            for key in keys:
                answer = await self._post(client, key)
                assert answer.replayed
                assert _told(answer) == self.told[key]

    async def _work(self, client: Wire, url: str) -> None:
        while self._strike is not None or len(self.told) < self._end:
            key = f"p-{next(self._numbers):08x}"
            self.untold.add(key)
            try:
                answer = await self._post(client, key)
            except LOST:
                return
            if answer.status == 503:
                self.unavailable += 1
                continue
            self._note(key, answer)
            if self._strike is not None and len(self.told) >= self._at and self._by in ("", url):
                strike, self._strike = self._strike, None
                strike()

    async def _post(self, client: Wire, key: str) -> Answer:
        mission = self._missions[int(key.removeprefix("p-"), 16) % len(self._missions)]
        body = {"mission": mission, "category": "attached-officer", "authority": DEPARTMENT}
        return await client.post(f"/staff/{key}/post", key, body)

    def _note(self, key: str, answer: Answer) -> None:
        assert answer.status == 201, answer
        self.told[key] = _told(answer)
        self.untold.discard(key)


def _told(answer: Answer) -> Told:
    return Told(int(answer.headers["tanfidh-position"]), answer.headers["etag"], answer.body)
