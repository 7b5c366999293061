"""HTTP commands over 32 connections: ours, the endpoint that stores nothing, and the textbook way."""

from contextlib import AsyncExitStack
from pathlib import Path

from benchmarks.broker import connected, drop_stream
from benchmarks.commands import CLERK
from benchmarks.databases import empty_database
from benchmarks.figures import Figure, by_turns
from benchmarks.processes import serving, told_by
from deploy.local import Engines
from shared.domain.clock import system_clock
from shared.eventstore.migrate import migrate
from shared.web.signing import issue_token, new_signing_key, write_jwks

SECONDS = 4
ROUNDS = 3


async def figures(engines: Engines, folder: Path) -> list[Figure]:
    """Take the figures of HTTP."""
    ours, ceiling, library = await by_turns(
        [lambda: everything(engines, folder), nothing, lambda: textbook(engines)], ROUNDS
    )
    name = "HTTP commands, 32 connections, everything on"
    return [
        Figure(name, "/s", ours, "a FastAPI endpoint storing nothing", ceiling, 0.3, 0.6),
        Figure(name, "/s", ours, "the textbook way: def endpoint, library's save", library, 3, 6),
    ]


async def nothing() -> float:
    """Load the endpoint that stores nothing; return requests a second."""
    async with serving("benchmarks.servers.nothing:app", {}) as port:
        return await _load(port)


async def textbook(engines: Engines) -> float:
    """Load the library's own application behind a ``def`` endpoint."""
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(empty_database(engines))
        port = await stack.enter_async_context(
            serving("benchmarks.servers.textbook:app", {"BENCH_DATABASE_URL": url})
        )
        return await _load(port)


async def everything(engines: Engines, folder: Path) -> float:
    """Load a service of ours with everything on."""
    key = new_signing_key()
    write_jwks(folder / "jwks.json", [key])
    token = issue_token(key, CLERK.subject, CLERK.role, CLERK.department, now=system_clock())
    async with connected(engines.nats_url) as nc:
        await drop_stream(nc)
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(empty_database(engines))
        await migrate(url, "bench")
        environment = {
            "BENCH_DATABASE_URL": url,
            "BENCH_NATS_URL": engines.nats_url,
            "BENCH_JWKS": str(folder / "jwks.json"),
        }
        port = await stack.enter_async_context(serving("benchmarks.servers.everything:app", environment))
        return await _load(port, token)


async def _load(port: int, token: str = "") -> float:
    told = await told_by("benchmarks.load", port, "--seconds", SECONDS, "--token", token)
    return float(told["rate"])
