"""The jobs that a service runs as long as it lives: views, relay, inboxes."""

import asyncio
from collections.abc import Coroutine, Mapping
from typing import Any

import structlog

from shared.messaging.ending import end

log = structlog.get_logger()


class Jobs:
    """Runs jobs that never end by themselves; one that does makes the service unready, until a restart."""

    def __init__(self) -> None:
        self._running: dict[asyncio.Task[None], str] = {}
        self._ended: list[str] = []

    def begin(self, jobs: Mapping[str, Coroutine[Any, Any, None]]) -> None:
        """Run jobs by name."""
        for name, job in jobs.items():
            task = asyncio.create_task(job, name=name)
            self._running[task] = name
            task.add_done_callback(self._note)

    async def end(self) -> None:
        """End them with the service."""
        for task in self._running:
            task.remove_done_callback(self._note)
        await end(*self._running)

    @property
    def ended(self) -> str | None:
        """Which jobs ended. Why is in the log: an error may name an address, and a check needs no token."""
        return "; ".join(self._ended) or None

    async def check(self) -> str | None:
        """Say which jobs ended."""
        return self.ended

    def _note(self, task: "asyncio.Task[None]") -> None:
        error = asyncio.CancelledError() if task.cancelled() else task.exception()
        why = type(error).__name__ if error is not None else "it returned"
        self._ended.append(f"job {self._running[task]} ended: {why}")
        log.critical("job.ended", job=self._running[task], error=repr(error), exc_info=error)
