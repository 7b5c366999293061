"""Throwaway engines for tests: real ones, on free ports and in a temporary folder.

They live in a thread with an event loop of its own, so that they are supervised whatever the tests'
loops do, and so that plain and asynchronous tests use them in the same way. All calls block until done.
"""

import asyncio
import signal
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import asyncpg

from deploy.local.account import engine_account
from deploy.local.engines import Engines
from deploy.local.nats import Nats

T = TypeVar("T")


class LoopThread:
    """An event loop in a thread that ends with `close`."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="engines", daemon=True)
        self._thread.start()

    def call(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine there and return what it returns."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=120)

    def close(self) -> None:
        """Stop the loop and wait for the thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class ThrowawayEngines:
    """PostgreSQL and NATS for a whole test session."""

    def __init__(self, data: Path) -> None:
        self.loop = LoopThread()
        self.engines = self.loop.call(Engines.start(data))

    @property
    def nats_url(self) -> str:
        return self.engines.nats_url

    def make_database(self, template: str = "template1") -> str:
        """Make a database of its own and return its address."""
        name = f"t_{uuid4().hex}"
        self.loop.call(self._administer(f"CREATE DATABASE {name} TEMPLATE {template}"))
        return self.engines.postgres.url_of(name)

    def drop_database(self, url: str) -> None:
        name = url.rsplit("/", 1)[1]
        self.loop.call(self._administer(f"DROP DATABASE {name} WITH (FORCE)"))

    def restart_database(self, number: signal.Signals | None = None) -> None:
        """Stop PostgreSQL in order, or by a signal; return when it is back on the same port."""
        self.loop.call(self.engines.postgres.restart(number))

    def stop_database(self) -> None:
        """Stop PostgreSQL; return when it is gone."""
        self.loop.call(self.engines.postgres.stop())

    def start_database(self) -> None:
        """Start PostgreSQL after `stop_database`, on the same port."""
        self.loop.call(self.engines.postgres.start())

    def close(self) -> None:
        self.loop.call(self.engines.stop())
        self.loop.close()

    async def _administer(self, statement: str) -> None:
        connection = await asyncpg.connect(self.engines.postgres.url_of("postgres"))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


class ThrowawayNats:
    """A NATS server with an empty store, which a test may kill and wipe."""

    def __init__(self, loop: LoopThread, folder: Path) -> None:
        self._loop = loop
        self.server = Nats(folder, password=uuid4().hex, account=engine_account())
        loop.call(self.server.start())

    @property
    def url(self) -> str:
        return self.server.url

    def restart(self, number: signal.Signals | None = None) -> None:
        """Stop it in order, or by a signal; return when it is back on the same port."""
        self._loop.call(self.server.restart(number))

    def stop(self) -> None:
        self._loop.call(self.server.stop())

    def start(self) -> None:
        """Start it after `stop`, on the same port."""
        self._loop.call(self.server.start())
