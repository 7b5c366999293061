"""One HTTP server, until a signal ends it."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager, suppress

import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp

from deploy.departure import DRAIN, Departure
from deploy.front import Front
from deploy.local.errors import PortInUse
from deploy.unreadable import ReadsHttp
from shared.messaging.ending import end
from shared.web.leaving import Leaving

LAST_REQUESTS = 0.25
"""Seconds in which clients that have a connection already are taken up and send their request."""

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

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take up the connections that the kernel has made already, and no new ones; then close the port.

        To close it at once would reset those that wait to be taken up.
        """
        for listening in sockets or ():
            listening.listen(0)
        await asyncio.sleep(LAST_REQUESTS)
        await super().shutdown(sockets)


async def host(
    app: Starlette,
    listener: socket.socket,
    when_ready: Callable[[], Awaitable[None]],
    notice: float = 0.0,
) -> None:
    """Serve until SIGINT or SIGTERM, and leave within `departure.WITHIN` seconds of it.

    `when_ready` runs once, as soon as requests are answered; its failure ends the serving and is raised.
    After SIGTERM the service is unready for `notice` seconds before it closes its port, so that balancers
    can turn away; a second signal ends that, and the wait for slow clients.
    """
    leaving = Leaving()
    front = Front(app, leaving)
    server = _Server(_config(front))
    departure = Departure(leaving, server, notice)
    departure.on_signals()
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        async with AsyncExitStack() as stack:
            stack.push_async_callback(_settled, server, serving)
            if not await _opened(stack, app, leaving):
                return
            front.open()
            # Ends before the components do, while everything is there that an answer needs.
            stack.push_async_callback(_settled, server, serving)
            readying = asyncio.create_task(_after(server.listening, when_ready))
            await asyncio.wait({serving, readying}, return_when=asyncio.FIRST_COMPLETED)
            if not readying.done():
                readying.cancel()
            with suppress(asyncio.CancelledError):
                await readying
            await serving
    finally:
        departure.over()


async def _opened(stack: AsyncExitStack, app: Starlette, leaving: Leaving) -> bool:
    """Open the application, unless the process is told to end meanwhile; tell whether it is open."""
    opening = asyncio.ensure_future(stack.enter_async_context(app.router.lifespan_context(app)))
    told = asyncio.ensure_future(leaving.begins())
    try:
        await asyncio.wait({opening, told}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await end(told)
        if not opening.done():
            await end(opening)
    if opening.cancelled():
        return False
    opening.result()
    return True


async def _settled(server: uvicorn.Server, serving: "asyncio.Task[None]") -> None:
    """Let the server end in order; what it raised is raised where it is awaited for its own sake."""
    server.should_exit = True
    await asyncio.wait({serving})


async def _after(event: asyncio.Event, action: Callable[[], Awaitable[None]]) -> None:
    await event.wait()
    await action()


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
