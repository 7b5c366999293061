"""PostgreSQL as a child process."""

import asyncio
import shutil
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import asyncpg

from deploy.local.account import Account, own_file, own_folder
from deploy.local.binaries import PostgresBinaries, postgres_binaries
from deploy.local.child import Child
from deploy.local.engine import Engine
from deploy.local.errors import EngineFailed, FolderUnknown

USER = DATABASE = "tanfidh"

_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "fsync": "on",
    "synchronous_commit": "on",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "log_checkpoints": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


class Postgres(Engine):
    """One cluster, open to its password over 127.0.0.1 alone."""

    name: ClassVar[str] = "PostgreSQL"
    stop_signal: ClassVar[signal.Signals] = signal.SIGINT  # "fast": does not wait for clients

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
        self._cluster = folder / "cluster"

    @property
    def url(self) -> str:
        """The address of Tanfidh's database, with the password in it."""
        return self.url_of(DATABASE)

    def url_of(self, database: str) -> str:
        """Return the address of a database of this cluster."""
        return f"postgresql://{USER}:{self._password}@127.0.0.1:{self.port}/{database}"

    async def prepare(self) -> None:
        """Make the cluster, or check that these binaries can run the one that is there."""
        binaries = postgres_binaries()
        own_folder(self.folder, self.account)
        version = self._cluster / "PG_VERSION"
        if not self._cluster.exists():
            await self._make_cluster(binaries)
        elif not version.exists() or version.read_text().strip() != str(binaries.major):
            found = version.read_text().strip() if version.exists() else "unknown"
            raise FolderUnknown(
                f"The database in {self._cluster} is of PostgreSQL {found}; the PostgreSQL found here is "
                f"{binaries.major}. Install the version that made it, or choose another folder with --data."
            )
        # We hold the lock that every process of an earlier server held, so whatever has that number now is
        # another program; after a container's restart PostgreSQL could mistake it for itself.
        (self._cluster / "postmaster.pid").unlink(missing_ok=True)

    async def start(self) -> None:
        """Start it and make Tanfidh's database, once."""
        await super().start()
        connection = await asyncpg.connect(self.url_of("postgres"))
        try:
            if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", DATABASE):
                await connection.execute(f"CREATE DATABASE {DATABASE}")
        finally:
            await connection.close()

    def command(self) -> Sequence[str]:
        """Return the command line; its settings win over those in the folder."""
        settings = [f"--{name}={value}" for name, value in _SETTINGS.items()]
        return [str(postgres_binaries().postgres), "-D", str(self._cluster), "-p", str(self.port), *settings]

    async def is_ready(self) -> bool:
        """Whether the server says so in its pid file (line 8), as pg_ctl reads it."""
        try:
            lines = (self._cluster / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) >= 8 and lines[0] == str(self.pid) and lines[7].strip() == "ready"

    async def _make_cluster(self, binaries: PostgresBinaries) -> None:
        """Run initdb beside the final place, so that a half-made cluster never counts as one."""
        unfinished = self.folder / "cluster.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        password = own_file(self.folder / "initdb.password", self._password, self.account)
        child = Child(
            [
                str(binaries.initdb),
                f"--pgdata={unfinished}",
                f"--username={USER}",
                f"--pwfile={password}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                *_locale(binaries.major),
            ],
            log=self.log,
            account=self.account,
            holds=self._holds,
            on_parent_death=signal.SIGTERM,
        )
        try:
            status = await child.gone()
        except asyncio.CancelledError:
            await child.stop(signal.SIGTERM)
            raise
        finally:
            password.unlink()
        if status != 0:
            raise EngineFailed(self.name, f"initdb failed\n{self._last_words()}", self.log)
        unfinished.rename(self._cluster)


def _locale(major: int) -> list[str]:
    """C.UTF-8 in every place; since 17 PostgreSQL brings it along and the machine need not know it."""
    if major >= 17:
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--locale=C.UTF-8"]
