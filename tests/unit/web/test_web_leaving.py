"""The front of a process: early requests wait or are told, and a process that leaves says so."""

import asyncio

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from deploy import front as fronting
from deploy.front import Front
from shared.service.awaiting import awaited, with_database
from shared.web.leaving import Leaving
from shared.web.limits import Gate

SCOPE: Scope = {
    "type": "http",
    "method": "POST",
    "path": "/letters",
    "raw_path": b"/letters",
    "query_string": b"",
    "headers": [],
}


def asking(front: Front) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=front), base_url="http://here")


async def test_a_process_that_starts_lives_and_is_not_ready(app: FastAPI) -> None:
    async with asking(Front(app, Leaving())) as client:
        alive, ready = await client.get("/livez"), await client.get("/readyz")
    assert (alive.status_code, ready.status_code) == (200, 503)
    assert ready.json()["type"].endswith("/still-starting")


async def test_a_process_that_starts_says_which_engine_it_waits_for_and_shows_its_metrics(
    app: FastAPI,
) -> None:
    attempts: asyncio.Queue[None] = asyncio.Queue()

    async def away() -> None:
        attempts.put_nowait(None)
        raise ConnectionRefusedError

    waits = asyncio.create_task(with_database(away))
    try:
        await attempts.get()
        async with asking(Front(app, Leaving())) as client:
            ready, shown = await client.get("/readyz"), await client.get("/metrics")
        assert ready.json()["waiting"] == ["PostgreSQL"] and "PostgreSQL" in ready.json()["detail"]
        assert shown.status_code == 200
    finally:
        waits.cancel()
        await asyncio.wait({waits})
    assert awaited() == []


async def test_a_request_that_comes_early_is_answered_once_it_can_be(app: FastAPI) -> None:
    front = Front(app, Leaving())
    async with asking(front) as client:
        early = asyncio.create_task(client.get("/problems"))
        await asyncio.sleep(0)
        front.open()
        assert (await early).status_code == 200


async def test_a_request_that_comes_much_too_early_is_told_to_come_again(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fronting, "EARLY", 0.01)
    async with asking(Front(app, Leaving())) as client:
        told = await client.get("/problems", headers={"Accept-Language": "ar"})
    assert (told.status_code, told.headers["content-language"]) == (503, "ar")
    assert told.headers["retry-after"]


async def test_a_process_that_leaves_is_unready_and_ends_its_connections(app: FastAPI) -> None:
    leaving = Leaving()
    front = Front(app, leaving)
    front.open()
    async with asking(front) as client:
        assert "connection" not in (await client.get("/livez")).headers
        leaving.begin()
        alive, ready = await client.get("/livez"), await client.get("/readyz")
    assert (alive.status_code, alive.headers["connection"]) == (200, "close")
    assert (ready.status_code, ready.json()["type"].rpartition("/")[2]) == (503, "shutting-down")


@pytest.mark.parametrize(("leaves", "told"), [(True, [503]), (False, [])])
async def test_what_the_server_cancels_is_told_to_come_again_only_if_it_leaves(
    leaves: bool, told: list[int]
) -> None:
    leaving, sent, reached = Leaving(), list[int](), asyncio.Event()

    async def hang(_: Scope, __: Receive, ___: Send) -> None:
        reached.set()
        await asyncio.Event().wait()

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            sent.append(message["status"])

    front = Front(Gate(hang), leaving)
    front.open()
    task = asyncio.ensure_future(front(SCOPE, nothing_comes, send))
    await asyncio.wait_for(reached.wait(), 10)
    if leaves:
        leaving.begin()
    task.cancel()
    await asyncio.wait({task}, timeout=10)
    assert (sent, task.cancelled()) == (told, not leaves)


async def test_what_cannot_be_read_while_the_database_is_away_is_no_fault_of_ours() -> None:
    async def read(_: Scope, __: Receive, ___: Send) -> None:
        raise ConnectionRefusedError

    async with asking(opened(Gate(read))) as client:
        told = await client.get("/missions")
    assert (told.status_code, told.json()["type"].rpartition("/")[2]) == (503, "store-not-read")
    assert told.headers["retry-after"]


def opened(app: ASGIApp) -> Front:
    front = Front(app, Leaving())
    front.open()
    return front


async def nothing_comes() -> Message:
    await asyncio.Event().wait()
    raise AssertionError


async def test_whoever_waits_waits_no_longer(app: FastAPI) -> None:
    leaving = Leaving()
    waits = asyncio.Event()

    async def wait() -> None:
        async with asyncio.timeout(30) as timeout:
            with leaving.shortens(timeout):
                waits.set()
                await asyncio.Event().wait()

    waiting = asyncio.create_task(wait())
    await waits.wait()
    leaving.begin()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(waiting, 10)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(wait(), 10)
