"""A gate before work that a service does of itself: it stands open, unless somebody closes it."""

import asyncio


class Gate:
    """One worker waits before it, with work that is due.

    A simulation closes the gates of all workers, and admits one at a time when all else rests. So what
    they do does not depend on how fast the rest was.
    """

    def __init__(self) -> None:
        self._waiting: asyncio.Future[None] | None = None
        self._open = True

    @property
    def is_open(self) -> bool:
        """Whether there is nothing to wait for."""
        return self._open

    @property
    def awaited(self) -> bool:
        """Whether the worker waits before it."""
        return self._waiting is not None and not self._waiting.done()

    def close(self) -> None:
        """Let nobody through any more who is not admitted."""
        self._open = False

    def admit(self) -> None:
        """Let the worker that waits through, once."""
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    async def passed(self) -> None:
        """Wait to be admitted; return at once where it is open."""
        if self._open:
            return
        self._waiting = asyncio.get_running_loop().create_future()
        try:
            await self._waiting
        finally:
            self._waiting = None
