"""HTTP commands over 32 connections: ours, the endpoint that stores nothing, and the textbook way."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import asyncpg

from benchmarks.broker import connected, drop_stream
from benchmarks.commands import CLERK
from benchmarks.databases import empty_database
from benchmarks.figures import Figure, by_turns
from benchmarks.processes import serving, told_by
from deploy.local.engines import Engines
from shared.domain.clock import system_clock
from shared.eventstore.migrate import migrate
from shared.messaging.provision import verify_stream
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
    """Load a service of ours with everything on: its stream and its view must have every event in the end."""
    key = new_signing_key()
    write_jwks(folder / "jwks.json", [key])
    token = issue_token(key, CLERK.subject, CLERK.role, CLERK.department, now=system_clock())
    async with connected(engines.nats_url) as nc:
        await drop_stream(nc)
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(empty_database(engines))
        await migrate(url, "bench")
        environment = {
            "TANFIDH_DATABASE_URL": url,
            "TANFIDH_NATS_URL": engines.nats_url,
            "TANFIDH_JWKS": str(folder / "jwks.json"),
            "TANFIDH_SIGNING_KEY": str(engines.secrets.signing_key("bench")),
        }
        port = await stack.enter_async_context(serving("benchmarks.servers.everything:app", environment))
        measured = await _load(port, token)
        await _caught_up(url, engines.nats_url)
    return measured


async def _caught_up(database_url: str, nats_url: str) -> None:
    """Make sure that relay and view were really at work."""
    async with connected(nats_url) as nc, asyncio.timeout(20):
        connection = await asyncpg.connect(database_url, server_settings={"search_path": "bench"})
        while True:
            head, folded = await connection.fetchrow("SELECT head.position, views.position FROM head, views")
            published = (await verify_stream(nc, "bench")).last_sequence
            if head == folded == published and head > 0:
                break
            await asyncio.sleep(0.05)
        await connection.close()


async def _load(port: int, token: str = "") -> float:
    told = await told_by("benchmarks.load", port, "--seconds", SECONDS, "--token", token)
    return float(told["rate"])
