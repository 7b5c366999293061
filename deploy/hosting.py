"""One HTTP server, until a signal ends it."""

import asyncio
import signal
import socket
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.types import ASGIApp

from deploy.local.errors import PortInUse
from deploy.unreadable import ReadsHttp

T = TypeVar("T")

DRAIN = 5
"""Seconds that requests get to finish after the signal."""
_BACKLOG = 2048


def reserve(host: str, port: int) -> socket.socket:
    """Take the port, before anything else is started. Raises PortInUse.

    It listens already: requests that come early are answered as soon as there is somebody to answer.
    """
    reserved = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        reserved.bind((host, port))
        reserved.listen(_BACKLOG)
    except OSError as error:
        reserved.close()
        raise PortInUse(port) from error
    return reserved


class _Server(uvicorn.Server):
    """Leaves signals to us, and says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()


async def host(app: Starlette, listener: socket.socket, when_ready: Callable[[], Awaitable[None]]) -> None:
    """Serve until SIGINT or SIGTERM.

    `when_ready` runs once, as soon as requests are answered; its failure ends the serving and is raised.
    """
    async with app.router.lifespan_context(app):
        server = _Server(_config(app))
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, server.handle_exit, number, None)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        readying = asyncio.create_task(_after(server.listening, when_ready))
        await asyncio.wait({serving, readying}, return_when=asyncio.FIRST_COMPLETED)
        if serving.done():
            readying.cancel()
        elif readying.exception():
            server.should_exit = True
        await serving
        with suppress(asyncio.CancelledError):
            await readying


async def _after(event: asyncio.Event, action: Callable[[], Awaitable[None]]) -> None:
    await event.wait()
    await action()


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run to the end on uvloop; SIGINT and SIGTERM cancel it where nothing else takes them.

    Raises KeyboardInterrupt where it was cancelled.
    """

    async def cancellable() -> T:
        loop = asyncio.get_running_loop()
        task = asyncio.ensure_future(main)
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, task.cancel)
        return await task

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        try:
            return runner.run(cancellable())
        except asyncio.CancelledError:
            raise KeyboardInterrupt from None


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        loop="none",
        http=ReadsHttp,
        ws="none",
        lifespan="off",  # entered by `host`, so that a failure reaches the person at the terminal
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=DRAIN,
    )
