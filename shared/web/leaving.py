"""How a process leaves: it says so first, then answers what is under way, then ends."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.types import Scope

from shared.contracts.text import Text
from shared.web.refusals import WebRefusal

_KEY = "tanfidh.leaving"


class ShuttingDown(WebRefusal):
    """The process ends, and this request would take longer than it still has."""

    slug = "shutting-down"
    status = 503
    title = Text(en="Shutting down", ar="الخدمة في طور الإيقاف")
    detail = Text(
        en="This process is shutting down. Repeat the request; a command with the same Idempotency-Key.",
        ar="هذه العملية في طور الإيقاف. أعد الطلب، والأمر بمفتاح التكرار نفسه.",
    )


class Leaving:
    """Whether a process is about to end; its requests find it in their scope."""

    def __init__(self) -> None:
        self._began = asyncio.Event()
        self._waits: set[asyncio.Timeout] = set()

    @property
    def began(self) -> bool:
        """Whether it was told to end."""
        return self._began.is_set()

    async def begins(self) -> None:
        """Wait until it is told to end."""
        await self._began.wait()

    def begin(self) -> None:
        """Let it leave: readers who wait as they prefer wait no longer."""
        self._began.set()
        for wait in self._waits:
            _now(wait)

    @contextmanager
    def shortens(self, wait: asyncio.Timeout) -> Iterator[None]:
        """Let a timeout that is entered already expire when the process leaves."""
        if self.began:
            _now(wait)
        self._waits.add(wait)
        try:
            yield
        finally:
            self._waits.discard(wait)

    def mark(self, scope: Scope) -> None:
        """Let a request know."""
        scope[_KEY] = self


def leaving_of(scope: Scope) -> Leaving | None:
    """The leaving of the process that answers a request; None where nobody hosts it, as in some tests."""
    found: Leaving | None = scope.get(_KEY)
    return found


def is_leaving(scope: Scope) -> bool:
    """Whether the process that answers a request is about to end."""
    leaving = leaving_of(scope)
    return leaving is not None and leaving.began


def _now(wait: asyncio.Timeout) -> None:
    if not wait.expired():
        wait.reschedule(asyncio.get_running_loop().time())
