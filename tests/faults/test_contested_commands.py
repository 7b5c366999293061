"""Promises 6 and 13: many clients want the same, at two replicas, and after a kill."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

import pytest

from tests.engines import ThrowawayEngines
from tests.faults.entering import DEPARTMENT, dossier, enter
from tests.faults.ministry import Ministry, ministry_in
from tests.faults.processes import Served, rounds
from tests.faults.streams import check_same, listening, messages_upto
from tests.faults.wire import Answer, wires

pytestmark = pytest.mark.faults

WRITERS = 16
REPEATED = 50
MISSIONS = [f"emb-{number}" for number in range(WRITERS + 1)]


@dataclass
class Replicas:
    """Two processes of the registry on one database."""

    ministry: Ministry
    served: list[Served]

    async def at_once(self, path: str, keys: list[str], bodies: list[object], *headers: str) -> list[Answer]:
        """Send a command for each key and body, all at once, to the replicas in turn."""
        urls = islice(cycle(one.url for one in self.served), len(keys))
        async with wires(urls, self.ministry.token) as clients:
            sent = zip(clients, keys, bodies, strict=True)
            return list(await asyncio.gather(*(c.post(path, key, body, *headers) for c, key, body in sent)))


@pytest.fixture
async def replicas(engines: ThrowawayEngines, tmp_path: Path) -> AsyncIterator[Replicas]:
    async with ministry_in(engines, tmp_path) as ministry:
        served = [await ministry.serve("registry") for _ in range(2)]
        async with ministry.client(served[0]) as client:
            await enter(client, dossier(1, MISSIONS), "dossier")
        yield Replicas(ministry, served)


def posting(mission: str) -> dict[str, str]:
    return {"mission": mission, "category": "attached-officer", "authority": DEPARTMENT}


def moving(mission: str) -> dict[str, str]:
    return {"mission": mission, "by": DEPARTMENT}


async def test_of_sixteen_writers_with_one_version_one_wins(replicas: Replicas) -> None:
    (posted,) = await replicas.at_once("/staff/p-00000001/post", ["post"], [posting(MISSIONS[-1])])
    etag = posted.headers["etag"]
    turns = rounds(10)
    at = MISSIONS[-1]
    for turn in range(turns):
        others = [mission for mission in MISSIONS if mission != at]
        keys = [f"{turn}-{writer}" for writer in range(WRITERS)]
        bodies: list[object] = [moving(mission) for mission in others]
        answers = await replicas.at_once("/staff/p-00000001/reassign", keys, bodies, f"If-Match: {etag}")
        assert Counter(answer.status for answer in answers) == {200: 1, 412: WRITERS - 1}
        (winner,) = [number for number, answer in enumerate(answers) if answer.status == 200]
        assert answers[winner].headers["etag"] == f'"{turn + 2}"'
        etag, at = answers[winner].headers["etag"], others[winner]
    records = await replicas.ministry.checked_log("registry")
    staff = [record for record in records if record.stream == "staff.p-00000001"]
    assert [record.version for record in staff] == list(range(1, turns + 2))
    assert staff[-1].event.model_dump()["mission"] == at


async def test_one_key_has_one_effect_and_one_answer(replicas: Replicas) -> None:
    ministry, (first, second) = replicas.ministry, replicas.served
    same: list[object] = [posting("emb-1")] * REPEATED
    for turn in range(rounds(3, every=4)):
        path, keys = f"/staff/p-{turn:08x}/post", [f"key-{turn}"] * REPEATED
        answers = await replicas.at_once(path, keys, same)
        assert {answer.status for answer in answers} == {201}
        assert len({said(answer) for answer in answers}) == 1
        assert sum(not answer.replayed for answer in answers) == 1
        (other,) = await replicas.at_once(path, keys[:1], [posting("emb-2")])
        assert (other.status, other.headers["content-type"]) == (422, "application/problem+json")
        first.kill()
        await first.gone()
        await first.start()
        again = await replicas.at_once(path, keys, same)
        assert {said(answer) for answer in again} == {said(answers[0])}
        assert all(answer.replayed for answer in again)
        for other in await replicas.at_once(path, keys[:2], [posting("emb-2"), posting("emb-3")]):
            assert other.status == 422
        first, second = second, first
    records = await ministry.checked_log("registry")
    staff = Counter(record.stream for record in records if record.kind == "staff")
    assert set(staff.values()) == {1}
    async with listening(ministry.nats.url) as nc:
        check_same(records, await messages_upto(nc, "registry", len(records)))


def said(answer: Answer) -> tuple[int, bytes, str, str]:
    """What must be the same in every answer to one command."""
    return answer.status, answer.body, answer.headers["etag"], answer.headers["tanfidh-position"]
