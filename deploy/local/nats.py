"""NATS with JetStream as a child process."""

import asyncio
import contextlib
import json
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from deploy.local.account import Account, own_file, own_folder
from deploy.local.binaries import nats_server
from deploy.local.engine import Engine

USER = "tanfidh"


class Nats(Engine):
    """One server without a cluster; what it acknowledged survives its own end.

    What the machine's end takes is published again: the stream is a copy of the log (decision 0037).
    """

    name: ClassVar[str] = "NATS"
    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM

    def __init__(
        self,
        folder: Path,
        *,
        password: str,
        port: int = 0,
        account: Account | None = None,
        lock: int | None = None,
    ) -> None:
        super().__init__(folder, port=port, account=account, lock=lock)
        self._password = password

    @property
    def url(self) -> str:
        """The address for clients, with the password in it."""
        return f"nats://{USER}:{self._password}@127.0.0.1:{self.port}"

    @property
    def store(self) -> Path:
        """The folder with the streams."""
        return self.folder / "jetstream"

    async def prepare(self) -> None:
        """Make the folder; the configuration names the port and is written at each start."""
        own_folder(self.folder, self.account)

    def command(self) -> Sequence[str]:
        """Write the configuration and return the command line."""
        text = json.dumps(self.configuration(), indent=1)
        file = own_file(self.folder / "nats.conf", text, self.account)
        return [str(nats_server()), "-c", str(file)]

    def configuration(self) -> dict[str, object]:
        """What the server is told."""
        return {
            "listen": f"127.0.0.1:{self.port}",
            "server_name": "tanfidh-local",
            "max_payload": 1024 * 1024,
            # A client that hangs is let go after fifteen seconds; by default after six minutes.
            "ping_interval": "5s",
            "ping_max": 2,
            "jetstream": {
                "store_dir": str(self.store),
                "sync_interval": "1s",
                "max_memory_store": 64 * 1024 * 1024,
                "max_file_store": 64 * 1024 * 1024 * 1024,
            },
            "authorization": {"user": USER, "password": self._password},
        }

    async def is_ready(self) -> bool:
        """Whether it greets; the client port opens after all streams are recovered."""
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return False
        try:
            greeting = await asyncio.wait_for(reader.readline(), 1.0)
            return greeting.startswith(b"INFO ") and bool(json.loads(greeting[5:]).get("jetstream"))
        except (OSError, TimeoutError, ValueError):
            return False
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
