"""Real processes of services, to be killed."""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from time import monotonic
from typing import TypeVar

from deploy.local import launch

T = TypeVar("T")

ROOT = Path(__file__).parents[2]
ROUNDS = int(os.environ.get("TANFIDH_FAULT_ROUNDS", "0"))
"""How long `make faults` runs; 0 where it was not asked for."""


def rounds(in_ci: int, every: int = 1) -> int:
    """How many rounds a test makes: `in_ci` by default, else the number asked for divided by `every`."""
    return max(in_ci, ROUNDS // every)


class Served:
    """One service in a process of its own: `tanfidh serve SERVICE --port 0`, started and killed many times.

    It is tied to the tests by the kernel, so that none is left over when they are killed themselves.
    """

    def __init__(self, service: str, environment: Mapping[str, str], log: Path) -> None:
        self.service = service
        self.url = ""
        self.log = log
        self._environment = {**os.environ, **environment, "COLUMNS": "200", "NO_COLOR": "1"}
        self._process: asyncio.subprocess.Process | None = None
        self._ended_by: signal.Signals | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def was_started(self) -> bool:
        return self._process is not None

    async def start(self) -> float:
        """Start it; return the seconds until it said that it is ready."""
        begun = monotonic()
        await self.begin()
        await self.ready()
        return monotonic() - begun

    async def begin(self, port: int = 0) -> None:
        """Start it, and do not wait until it is ready."""
        tie = (str(os.getpid()), str(int(signal.SIGKILL)), "-1", "-1", "--")
        serve = (sys.executable, "-m", "deploy.cli.main", "serve", self.service, "--port", str(port))
        self._ended_by = None
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", "-S", launch.__file__, *tie, *serve),
                cwd=ROOT,
                env=self._environment,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
            )

    async def ready(self) -> None:
        """Wait until it says that it is ready."""
        assert self._process is not None and self._process.stdout is not None
        line = (await asyncio.wait_for(self._process.stdout.readline(), 60)).decode()
        assert line.startswith(f"{self.service} is ready: "), f"{line!r}\n{self.log.read_text()[-5000:]}"
        self.url = line.split()[-1]

    def kill(self) -> None:
        """Kill it with SIGKILL, now; a killed one stays killed."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.kill()

    def signal(self, number: signal.Signals) -> None:
        """Send it another signal."""
        assert self._process is not None
        os.kill(self._process.pid, number)

    async def left(self) -> int:
        """Wait until it has ended by itself; return its exit code."""
        assert self._process is not None
        self._ended_by = signal.SIGTERM
        return await asyncio.wait_for(self._process.wait(), 60)

    async def gone(self) -> None:
        """Wait until the process is no more; where it was killed, it must not have ended by itself."""
        assert self._process is not None
        status = await self._process.wait()
        due = 0 if self._ended_by is signal.SIGTERM else -signal.SIGKILL
        assert status == due, f"ended by itself ({status})\n{self.log.read_text()[-5000:]}"


class Outage:
    """An outage of an engine: begins in the middle of the load, is over when the engine is ready again.

    Args:
        restart: ends the engine's process and returns when the next one is ready; it blocks.
    """

    def __init__(self, restart: Callable[[], None]) -> None:
        self._restart = restart
        self.since = 0.0
        self.over: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Let it begin, now."""
        self.since = monotonic()
        self.over = asyncio.create_task(asyncio.to_thread(self._restart))


async def until(so: Callable[[], Awaitable[T]], within: float = 20) -> T:
    """Ask until the answer is truthy, and return it: for processes that send no signal of what is awaited."""
    deadline = monotonic() + within
    while not (answer := await so()):
        assert monotonic() < deadline, f"not so within {within:g} s: {so}"
        await asyncio.sleep(0.01)
    return answer
