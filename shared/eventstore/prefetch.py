"""What commands need from the store before they can decide, fetched for many of them at once."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any
from uuid import UUID

from shared.eventstore.cache import Cache, UnreadableStream
from shared.eventstore.loading import load
from shared.eventstore.pending import Answered, Pending
from shared.eventstore.statements import ANSWERS


class Prefetch:
    """Loads aggregates and looks up stored answers beside the commit that is under way.

    An aggregate that is not in memory is not being changed by this process; so its events up to the
    head are all there are, unless somebody else commits. Then the next commit fails, and `take_back`
    makes void what was fetched meanwhile.
    """

    def __init__(
        self, cache: Cache, position: Callable[[], int], ready: Callable[[list[Pending]], None]
    ) -> None:
        self._connection: Any = None
        self._cache = cache
        self._position = position
        self._ready = ready
        self._waiting: deque[Pending] = deque()
        self._wake = asyncio.Event()
        self._generation = 0

    @property
    def idle(self) -> bool:
        """Whether nothing waits here."""
        return not self._waiting

    def needs(self, pending: Pending) -> bool:
        """Whether a command cannot be decided from memory."""
        if pending.suspect and not pending.looked_up:
            return True
        return any(f"{kind.kind}.{id}" not in self._cache for kind, id in pending.wants)

    def add(self, pending: Pending) -> None:
        """Queue a command to be fetched for."""
        self._waiting.append(pending)
        self._wake.set()

    def take_back(self) -> list[Pending]:
        """Give back all that waits, and make void what is being fetched."""
        self._generation += 1
        taken = list(self._waiting)
        self._waiting.clear()
        return taken

    async def run(self, connection: Any) -> None:
        """Fetch until cancelled; raises what the connection raises, with the commands still waiting."""
        self._connection = connection
        while True:
            while self._waiting:
                await self._fetch(list(self._waiting))
            self._wake.clear()
            await self._wake.wait()

    async def _fetch(self, taken: list[Pending]) -> None:
        generation = self._generation
        missing = {w for p in taken for w in p.wants if f"{w[0].kind}.{w[1]}" not in self._cache}
        ids = [p.command.by.id for p in taken if p.command.by.answer is not None]
        try:
            entries = await load(self._connection, missing, self._position())
        except UnreadableStream as error:
            self._refuse(error)
            return
        answers = await self._answers(ids) if ids else {}
        if generation != self._generation:
            return
        self._cache.add(entries)
        for pending in taken:
            self._waiting.popleft()
            pending.looked_up = True
            pending.answered = answers.get(pending.command.by.id)
        self._ready(taken)

    def _refuse(self, error: UnreadableStream) -> None:
        """Fail the commands that want a stream which cannot be read; the others are fetched for again."""
        for pending in list(self._waiting):
            if any(f"{kind.kind}.{id}" == error.stream for kind, id in pending.wants):
                self._waiting.remove(pending)
                pending.settle(error)
        self._ready([])

    async def _answers(self, ids: list[UUID]) -> dict[UUID, Answered]:
        return {row[0]: Answered(*row[1:]) for row in await self._connection.fetch(ANSWERS, ids)}
