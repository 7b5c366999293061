"""One HTTP server for several services: their lifespans, its signals, its port."""

import os
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import pytest
from fastapi import FastAPI

from deploy.hosting import host, reserve
from deploy.local.errors import PortInUse
from deploy.local.ports import free_port
from deploy.mounting import Mounted


class Probe:
    """A service that notes when it is opened and closed."""

    def __init__(self, name: str, notes: list[str], fails: bool = False) -> None:
        self.name, self.notes, self.fails = name, notes, fails
        self.app = FastAPI(lifespan=self._lifespan)
        self.app.get("/who")(self._who)

    @asynccontextmanager
    async def _lifespan(self, _: FastAPI) -> AsyncIterator[None]:
        if self.fails:
            raise RuntimeError(f"{self.name} cannot open")
        self.notes.append(f"{self.name} opened")
        try:
            yield
        finally:
            self.notes.append(f"{self.name} closed")

    async def _who(self) -> str:
        return self.name


@pytest.fixture
def listener() -> socket.socket:
    return reserve("127.0.0.1", 0)


def url_of(listener: socket.socket) -> str:
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


def asks(url: str, answers: dict[str, object], paths: tuple[str, ...]) -> Callable[[], Awaitable[None]]:
    async def ready() -> None:
        async with httpx.AsyncClient(base_url=url, trust_env=False) as client:
            for path in paths:
                answers[path] = (await client.get(path)).json()
        os.kill(os.getpid(), signal.SIGTERM)

    return ready


async def test_mounted_services_are_opened_served_and_closed_on_a_signal(listener: socket.socket) -> None:
    notes: list[str] = []
    answers: dict[str, object] = {}
    app = Mounted({name: Probe(name, notes).app for name in ("one", "two")})
    paths = ("/one/who", "/two/who")
    await host(app, listener, asks(url_of(listener), answers, paths))
    assert answers == {"/one/who": "one", "/two/who": "two"}
    assert notes == ["one opened", "two opened", "two closed", "one closed"]


async def test_a_service_that_cannot_open_ends_it_and_closes_the_others(listener: socket.socket) -> None:
    notes: list[str] = []
    app = Mounted({"one": Probe("one", notes).app, "two": Probe("two", notes, fails=True).app})
    with listener, pytest.raises(RuntimeError, match="two cannot open"):
        await host(app, listener, asks(url_of(listener), {}, ()))
    assert notes == ["one opened", "one closed"]


async def test_what_fails_once_it_is_ready_ends_it(listener: socket.socket) -> None:
    notes: list[str] = []

    async def fails() -> None:
        raise LookupError("no example")

    with pytest.raises(LookupError, match="no example"):
        await host(Mounted({"one": Probe("one", notes).app}), listener, fails)
    assert notes == ["one opened", "one closed"]


def test_a_port_is_ours_from_the_moment_it_is_reserved() -> None:
    port = free_port()
    with reserve("127.0.0.1", port), pytest.raises(PortInUse, match=str(port)):
        reserve("127.0.0.1", port)
