"""Work in processes of its own, so that what measures does not slow what is measured."""

import asyncio
import json
import os
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any


class BenchmarkFailed(Exception):
    """A part of the benchmarks did not do what it should have; its figures are worth nothing."""


async def told_by(module: str, *arguments: object) -> dict[str, Any]:
    """Run ``python -m module`` and return the JSON object that it prints last."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *map(str, arguments), stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await process.communicate()
    if process.returncode != 0:
        raise BenchmarkFailed(f"{module} ended with {process.returncode}")
    told: dict[str, Any] = json.loads(printed.splitlines()[-1])
    return told


@asynccontextmanager
async def serving(app: str, environment: Mapping[str, str]) -> AsyncIterator[int]:
    """Serve an application by uvicorn in a process of its own; give its port once it answers."""
    port = _free_port()
    process = await asyncio.create_subprocess_exec(
        *(
            sys.executable,
            "-m",
            "uvicorn",
            app,
            "--port",
            str(port),
            "--loop",
            "uvloop",
            "--http",
            "httptools",
        ),
        *("--no-access-log", "--log-level", "warning"),
        env={**os.environ, **environment},
    )
    try:
        await _answering(port, process)
        yield port
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _answering(port: int, process: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(20):
        while process.returncode is None:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
                continue
            writer.close()
            return
    raise BenchmarkFailed("a server did not start")


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port
