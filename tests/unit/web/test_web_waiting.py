"""`Prefer: wait`: how it is read, what is waited for, and what is said when it came and when it did not."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from starlette.responses import Response

from shared.domain import NotFound
from shared.web import Caller, Instruct, json_response
from shared.web.app import create_app
from shared.web.horizon import NoLog
from shared.web.identity import Identity
from shared.web.refusals import BadHeader
from shared.web.waiting import LONGEST, preferred_wait, seen_elsewhere, seen_position


class Log(NoLog):
    """Folded up to where it is let; what is waited for is noted."""

    def __init__(self) -> None:
        self.waits: list[tuple[str, int]] = []
        self.last = 5
        self.free = asyncio.Event()

    @property
    def sources(self) -> Collection[str]:
        return ("numbers", "registry")

    async def head(self) -> int:
        return self.last

    async def folded(self, position: int) -> None:
        self.waits.append(("views", position))
        await self.free.wait()

    async def taken_in(self, source: str, position: int) -> None:
        self.waits.append((source, position))
        self.last = 8


def numbers() -> APIRouter:
    router = APIRouter()

    @router.get("/numbers")
    async def listed(_: Caller) -> Response:
        return json_response({})

    @router.get("/missing")
    async def missing(_: Caller) -> Response:
        raise NotFound(kind="number", id="1")

    @router.post("/numbers")
    async def add(by: Instruct) -> Response:
        return json_response({})

    @router.get("/open")
    async def for_everybody() -> Response:
        return json_response({})

    return router


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def waiting(log: Log, identity: Identity) -> FastAPI:
    return create_app("numbers", "Numbers", [numbers()], {}, identity, horizon=log)


@pytest.fixture
async def reader(waiting: FastAPI, token: Callable[..., str]) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"Authorization": f"Bearer {token()}"}
    transport = httpx.ASGITransport(waiting)
    async with httpx.AsyncClient(transport=transport, base_url="http://numbers", headers=headers) as client:
        yield client


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("respond-async", None),
        ("waiting=5", None),
        ("wait=5", 5),
        ("Wait = 5", 5),
        ('wait="5"', 5),
        ("respond-async, wait=10; precise, wait=2", 10),
        ("wait=0", 0),
        ("wait=999999999", LONGEST),
    ],
)
def test_prefer_is_read_as_rfc_7240_has_it(value: str | None, seconds: float | None) -> None:
    assert preferred_wait(value) == seconds


MALFORMED = [
    "wait",
    "wait=",
    "wait=-1",
    "wait=1.5",
    "wait=soon",
    "wait=٥",
    "wait=1e3",
    ",,=",
    '"',
    "wait=abc",
]


@pytest.mark.parametrize("value", MALFORMED)
def test_a_preference_that_cannot_be_honoured_counts_as_none(value: str) -> None:
    """RFC 7240, 2: it is ignored; and of several that have one name, the first counts."""
    assert preferred_wait(value) is None
    assert preferred_wait(f"{value}, wait=5") == (None if value.startswith("wait") else 5)


def test_positions_are_read() -> None:
    assert (seen_position(None), seen_position(" 277 ")) == (None, 277)
    assert seen_elsewhere(None) == {}
    assert seen_elsewhere("registry=277,tasks=12 , audit-2=0") == {"registry": 277, "tasks": 12, "audit-2": 0}


@pytest.mark.parametrize("value", ["", "-1", "x", "1,2", "1" * 19])
def test_what_is_no_position_is_refused(value: str) -> None:
    with pytest.raises(BadHeader):
        seen_position(value)


@pytest.mark.parametrize(
    "value", ["", "registry", "registry=", "=5", "registry=x", "registry=1,", "registry=1,registry=2", "A=1"]
)
def test_what_names_no_positions_of_services_is_refused(value: str) -> None:
    with pytest.raises(BadHeader):
        seen_elsewhere(value)


@pytest.mark.parametrize(
    ("headers", "waits"),
    [
        ({}, [("views", 5)]),
        ({"Tanfidh-Position": "3"}, [("views", 3)]),
        ({"Tanfidh-After": "registry=277"}, [("registry", 277), ("views", 8)]),
        ({"Tanfidh-After": "registry=277", "Tanfidh-Position": "9"}, [("registry", 277), ("views", 9)]),
        ({"Tanfidh-After": "numbers=4"}, [("numbers", 4), ("views", 8)]),
    ],
)
async def test_what_is_waited_for_and_that_it_came(
    reader: httpx.AsyncClient, log: Log, headers: dict[str, str], waits: list[tuple[str, int]]
) -> None:
    log.free.set()
    answer = await reader.get("/numbers", headers={"Prefer": "wait=20", **headers})
    assert (answer.status_code, answer.headers["preference-applied"]) == (200, "wait")
    assert log.waits == waits


async def test_what_did_not_come_in_time_is_answered_with_what_there_is(reader: httpx.AsyncClient) -> None:
    answer = await reader.get("/numbers", headers={"Prefer": "wait=0"})
    assert answer.status_code == 200
    assert "preference-applied" not in answer.headers


async def test_a_refusal_after_waiting_says_that_it_was_waited_for(
    reader: httpx.AsyncClient, log: Log
) -> None:
    log.free.set()
    answer = await reader.get("/missing", headers={"Prefer": "wait=20"})
    assert (answer.status_code, answer.headers["preference-applied"]) == (404, "wait")


async def test_nobody_waits_who_does_not_ask_to(reader: httpx.AsyncClient, log: Log) -> None:
    answer = await reader.get("/numbers", headers={"Tanfidh-Position": "3", "Tanfidh-After": "registry=2"})
    assert "preference-applied" not in answer.headers
    assert log.waits == []


async def test_nobody_waits_without_a_token_nor_where_nothing_is_read(
    reader: httpx.AsyncClient, log: Log
) -> None:
    waiting = {"Prefer": "wait=20"}
    assert (await reader.get("/numbers", headers={**waiting, "Authorization": ""})).status_code == 401
    assert (await reader.get("/open", headers=waiting)).status_code == 200
    assert (await reader.post("/numbers", headers={**waiting, "Idempotency-Key": "1"})).status_code == 200
    assert log.waits == []


async def test_who_prefers_what_cannot_be_read_is_answered_at_once(
    reader: httpx.AsyncClient, log: Log
) -> None:
    answer = await reader.get("/numbers", headers={"Prefer": "wait=soon, handling=lenient"})
    assert answer.status_code == 200 and "preference-applied" not in answer.headers
    assert log.waits == []


@pytest.mark.parametrize(
    ("headers", "slug"),
    [
        ({"Tanfidh-Position": "here"}, "bad-header"),
        ({"Tanfidh-After": "277"}, "bad-header"),
        ({"Prefer": "wait=1", "Tanfidh-After": "moon=1"}, "unknown-source"),
    ],
)
async def test_headers_that_mean_nothing_are_400(
    reader: httpx.AsyncClient, headers: dict[str, str], slug: str
) -> None:
    answer = await reader.get("/numbers", headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (400, f"https://tanfidh.org/problems/{slug}")
