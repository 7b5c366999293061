"""Promise 14: ids that would mean something to NATS, HTTP or PostgreSQL are refused and reach none."""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import orjson
import pytest
from nats.aio.msg import Msg

from deploy.local.token import local_token
from shared.eventstore.record import Record
from tests.engines import ThrowawayEngines
from tests.faults.entering import DEPARTMENT, TEXT, dossier, enter
from tests.faults.ministry import Ministry, ministry_in
from tests.faults.streams import Message, check_same, listening, messages_upto
from tests.faults.wire import LOST, Answer, wires

pytestmark = pytest.mark.faults

HOSTILE = {
    "star": "*",
    "tail": ">",
    "dots": "a.b",
    "dot": ".",
    "above": "..",
    "wildcards": "evt.registry.>",
    "line-break": "a\r\nPUB evt.registry.staff.x.posted 0\r\n",
    "nul": "a\x00b",
    "space": "a b",
    "tab": "a\tb",
    "slash": "a/b",
    "percent": "a%2Fb",
    "quote": "a'; DROP TABLE events; --",
    "arabic": "سفارة",
    "digits": "\u0661\u0662",
    "trailing-newline": "emb-0\n",
    "joiner": "emb-0\u200d",
    "too-long": "a" * 65,
    "30-kB": "a" * 30_000,
    "70-kB": "a" * 70_000,
    "70-kB-of-stars": "*" * 70_000,
}
RAW = {
    "line break": b"POST /staff/a\r\nb/post",
    "nul": b"POST /staff/a\x00b/post",
    "bytes that are no UTF-8": b"POST /staff/\xff\xfe/post",
    "half a percent": b"POST /staff/%/post",
    "overlong slash": b"POST /staff/%c0%af/post",
}
DATES = {"public_on": "2025-11-01", "official_on": "2025-11-30"}
HOLD: dict[str, Any] = {"hold": "h", "by": DEPARTMENT, "reason": TEXT}
SUBJECT = re.compile(r"evt\.registry\.[a-z-]+\.[A-Za-z0-9_-]{1,64}\.[a-z-]+")
ODD_SUBJECTS = ("a>b*.c", "مدير-المكتب", "a\u2028b\u0085c", "\u202eabc")
"""Subjects of tokens that are no pseudonyms: nothing of them may be published."""


@dataclass
class Aftermath:
    """Every answer by what was asked, and what is there when all is over."""

    answers: dict[str, Answer | None] = field(default_factory=dict)
    connections: list[set[str]] = field(default_factory=list)
    subjects: list[str] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)

    async def hear(self, message: Msg) -> None:
        """Note whatever is published as an event, be it stored or not."""
        self.subjects.append(message.subject)


def connections(pid: int, port: int) -> set[str]:
    """The sockets by which a process is connected to a port, as the kernel numbers them: for proc(5)."""
    rows = [row.split() for row in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]]
    remote = {row[9] for row in rows if row[2].endswith(f":{port:04X}") and row[3] == "01"}
    own = {str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()}
    return {inode for inode in remote if f"socket:[{inode}]" in own}


def paths(id: str) -> Iterator[tuple[str, bytes, Any]]:
    """Commands and reads with the id in their path."""
    quoted = quote(id, safe="")
    yield "post", f"POST /staff/{quoted}/post".encode(), posting("emb-0")
    yield (
        "dates",
        f"PUT /missions/{quoted}/dates".encode(),
        {"public_on": "2025-11-01", "official_on": "2025-11-30"},
    )
    yield "hold", f"POST /decrees/{quoted}/holds".encode(), {"hold": "h", "by": DEPARTMENT, "reason": TEXT}
    yield "order", f"POST /measures/{quoted}/order".encode(), None
    yield "read", f"GET /missions/{quoted}".encode(), None
    yield "history", f"GET /streams/mission/{quoted}".encode(), None
    yield "filter", f"GET /missions?decree={quoted}".encode(), None


def bodies(id: str) -> Iterator[tuple[str, bytes, Any]]:
    """Commands with the id in their body."""
    yield "mission", b"POST /staff/p-00000001/post", posting(id)
    yield "authority", b"POST /staff/p-00000001/post", posting("emb-0") | {"authority": id}
    yield "held", b"POST /decrees/1-2025/holds", HOLD | {"hold": id}
    yield (
        "article",
        b"POST /decrees/1-2025/holds",
        HOLD | {"article": id},
    )
    yield "missions", b"POST /imports", dossier(2, [id])
    yield "department", b"POST /imports/departments", {"departments": [{"key": id, "name": TEXT}]}


def posting(mission: str) -> dict[str, str]:
    return {"mission": mission, "category": "attached-officer", "authority": DEPARTMENT}


@pytest.fixture(scope="module")
def aftermath(engines: ThrowawayEngines, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aftermath]:
    async def play() -> Aftermath:
        async with ministry_in(engines, tmp_path_factory.mktemp("hostile")) as ministry:
            return await attack(ministry)

    yield asyncio.run(play())


async def attack(ministry: Ministry) -> Aftermath:
    served = await ministry.serve("registry")
    port = urlsplit(ministry.nats.url).port
    assert port is not None
    seen = Aftermath()
    async with listening(ministry.nats.url) as nc, ministry.client(served) as client:
        await nc.subscribe("evt.>", cb=seen.hear)
        await enter(client, dossier(1, ["emb-0"]), "dossier")
        head = await ministry.fetchval("registry", "SELECT position FROM head")
        await messages_upto(nc, "registry", head)
        seen.connections.append(connections(served.pid, port))
        for name, id in HOSTILE.items():
            for where, line, body in (*paths(id), *bodies(id)):
                seen.answers[f"{name} in {where}"] = await ask(ministry, served.url, line, body)
        for name, line in RAW.items():
            seen.answers[f"raw {name}"] = await ask(ministry, served.url, line, None)
        for number, subject in enumerate(ODD_SUBJECTS):
            token = local_token(ministry.secrets, "admin", subject)
            async with wires([served.url], token) as (wire,):
                answer = await wire.post(f"/staff/p-{number:08x}/post", f"odd>{number}", posting("emb-0"))
                assert answer.status == 401, answer
        head = await ministry.fetchval("registry", "SELECT position FROM head")
        await messages_upto(nc, "registry", head)
        seen.connections.append(connections(served.pid, port))
        await ministry.kill_all()
        seen.messages = await messages_upto(nc, "registry", head)
    seen.records = await ministry.checked_log("registry")
    return seen


async def ask(ministry: Ministry, url: str, line: bytes, body: Any) -> Answer | None:
    """Send one request on a connection of its own; None where it was cut off without an answer."""
    async with wires([url], ministry.token) as (wire,):
        content = b"" if body is None else orjson.dumps(body)
        try:
            return await wire.send(line, content, "Idempotency-Key: k")
        except LOST:
            return None


def test_each_is_refused(aftermath: Aftermath) -> None:
    wrong = {
        what: answer
        for what, answer in aftermath.answers.items()
        if answer is None or not 400 <= answer.status < 500
    }
    assert not wrong
    print(f"\n{len(aftermath.answers)} hostile requests, each refused")


def test_each_is_refused_with_a_problem_also_where_it_is_no_http(aftermath: Aftermath) -> None:
    plain = {
        what
        for what, answer in aftermath.answers.items()
        if answer is not None and answer.headers["content-type"] != "application/problem+json"
    }
    assert plain == set()
    unreadable = [answer for answer in aftermath.answers.values() if b"unreadable-request" in answer.body]
    assert unreadable and {answer.status for answer in unreadable} == {400}


def test_nats_was_never_disconnected(aftermath: Aftermath) -> None:
    before, after = aftermath.connections
    assert len(before) == 1
    assert before == after


def test_nothing_foreign_came_into_the_stream(aftermath: Aftermath) -> None:
    assert all(SUBJECT.fullmatch(subject) for _, subject, _ in aftermath.messages)
    assert aftermath.subjects == [subject for _, subject, _ in aftermath.messages]
    assert not any(record.type == "registry.staff.posted" for record in aftermath.records)
    check_same(aftermath.records, aftermath.messages)
