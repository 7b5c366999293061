"""What every engine has in common: started, known to be ready, restarted when it dies, stopped."""

import asyncio
import contextlib
import signal
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import structlog

from deploy.local.account import Account
from deploy.local.child import Child
from deploy.local.errors import EngineFailed
from deploy.local.ports import free_port, must_be_free

_log = structlog.get_logger(__name__)

READY_WITHIN = 60.0
"""Seconds; PostgreSQL may have to recover first."""
_ATTEMPTS = 3
_FIRST_DELAY, _LONGEST_DELAY = 0.05, 5.0
_LOG_LIMIT = 8 * 1024 * 1024


class Engine(ABC):
    """One engine on one folder and one port. After `start` it is kept running until `stop`."""

    name: ClassVar[str]
    stop_signal: ClassVar[signal.Signals]

    def __init__(self, folder: Path, *, port: int, account: Account | None, lock: int | None) -> None:
        """`port` 0 chooses one, which is kept. `lock` is a file descriptor that its processes hold."""
        self.folder = folder
        self.account = account
        self.log = folder.parent / f"{folder.name}.log"
        self.port = port
        self._holds = () if lock is None else (lock,)
        self._child: Child | None = None
        self._supervision: asyncio.Task[None] | None = None
        self._starts = 0
        self._started = asyncio.Condition()

    @abstractmethod
    async def prepare(self) -> None:
        """Make what must be in the folder before the first start."""

    @abstractmethod
    def command(self) -> Sequence[str]:
        """Return the command line that listens on `port`."""

    @abstractmethod
    async def is_ready(self) -> bool:
        """Whether it answers by now."""

    @property
    def pid(self) -> int:
        """The process that runs now."""
        assert self._child is not None, f"{self.name} was not started"
        return self._child.pid

    async def start(self) -> None:
        """Start it, wait until it is ready, supervise it from then on.

        Raises EngineFailed or PortInUse.
        """
        chosen = self.port
        if chosen:
            must_be_free(chosen)
        self._turn_log_over()
        await self.prepare()
        for attempt in range(1, _ATTEMPTS + 1):
            self.port = chosen or free_port()
            try:
                await self._launch()
                break
            except EngineFailed:
                # Somebody may have taken the port between the choice and the start.
                if chosen or attempt == _ATTEMPTS:
                    raise
        self._supervision = asyncio.create_task(self._supervise(), name=f"supervise-{self.name}")

    async def stop(self) -> None:
        """Stop it in order; return when its process is gone."""
        if self._supervision:
            self._supervision.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._supervision
            self._supervision = None
        if self._child:
            await self._child.stop(self.stop_signal)

    async def restart(self, number: signal.Signals | None = None) -> None:
        """Send the process `number` (by default: stop in order) and wait until the next one is ready."""
        assert self._child is not None, f"{self.name} was not started"
        before = self._starts
        self._child.send(number or self.stop_signal)
        async with self._started:
            await self._started.wait_for(lambda: self._starts > before)

    async def _supervise(self) -> None:
        delay = _FIRST_DELAY
        loop = asyncio.get_running_loop()
        while True:
            assert self._child is not None
            since = loop.time()
            status = await self._child.gone()
            _log.error("engine.died", engine=self.name, pid=self._child.pid, status=status, port=self.port)
            delay = _FIRST_DELAY if loop.time() - since > _LONGEST_DELAY else min(delay * 2, _LONGEST_DELAY)
            try:
                await self._launch()
                _log.info("engine.back", engine=self.name, pid=self.pid, port=self.port)
            except EngineFailed as failure:
                _log.error("engine.stays-away", engine=self.name, reason=str(failure))
                await asyncio.sleep(delay)

    async def _launch(self) -> None:
        self._child = child = Child(
            self.command(),
            log=self.log,
            account=self.account,
            holds=self._holds,
            on_parent_death=self.stop_signal,
        )
        try:
            await self._become_ready(child)
        except BaseException:
            await child.stop(self.stop_signal)
            raise
        async with self._started:
            self._starts += 1
            self._started.notify_all()

    async def _become_ready(self, child: Child) -> None:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + READY_WITHIN
        while not await self.is_ready():
            if child.returncode is not None:
                raise EngineFailed(self.name, self._last_words(), self.log)
            if loop.time() > deadline:
                raise EngineFailed(self.name, f"not ready within {READY_WITHIN:.0f} s", self.log)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(child.gone(), 0.02)

    def _last_words(self) -> str:
        lines = self.log.read_text(errors="replace").strip().splitlines()
        return "\n".join(lines[-5:]) or "it ended without a word"

    def _turn_log_over(self) -> None:
        if self.log.exists() and self.log.stat().st_size > _LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
