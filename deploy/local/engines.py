"""Both engines on one data folder."""

import asyncio
from pathlib import Path
from typing import Self

from deploy.local.account import engine_account
from deploy.local.folder import DataFolder
from deploy.local.nats import Nats
from deploy.local.postgres import Postgres
from deploy.local.secrets import Secrets


class Engines:
    """PostgreSQL and NATS, running until `stop` or until this process ends in any way."""

    def __init__(self, folder: DataFolder, database_port: int, nats_port: int) -> None:
        account = engine_account()
        self.folder = folder
        self.secrets = secrets = Secrets(folder.path)
        self.postgres = Postgres(
            folder.path / "postgres",
            password=secrets.password("database"),
            port=database_port,
            account=account,
            lock=folder.engines_lock,
        )
        self.nats = Nats(
            folder.path / "nats",
            password=secrets.password("nats"),
            port=nats_port,
            account=account,
            lock=folder.engines_lock,
        )

    @classmethod
    async def start(cls, data: Path, database_port: int = 0, nats_port: int = 0) -> Self:
        """Lock the folder and start both; a port of 0 chooses a free one.

        Raises a LocalModeError: the folder is in use or unknown, a port is taken, an engine fails.
        """
        return await cls.start_on(await DataFolder.open(data), database_port, nats_port)

    @classmethod
    async def start_on(cls, folder: DataFolder, database_port: int = 0, nats_port: int = 0) -> Self:
        """Start both on a folder that is locked already; it is let go of when they stop or fail."""
        engines = cls(folder, database_port, nats_port)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(engines.postgres.start())
                group.create_task(engines.nats.start())
        except BaseException as failure:
            await engines.stop()
            raise _first(failure) from None
        return engines

    @property
    def database_url(self) -> str:
        """The address of the database, with its password."""
        return self.postgres.url

    @property
    def nats_url(self) -> str:
        """The address of NATS, with its password."""
        return self.nats.url

    @property
    def pids(self) -> dict[str, int]:
        """The processes that run now, by engine."""
        return {engine.name: engine.pid for engine in (self.postgres, self.nats)}

    async def silent(self) -> list[str]:
        """The names of those that run or should and do not answer."""
        engines = (self.postgres, self.nats)
        ready = await asyncio.gather(*(engine.is_ready() for engine in engines))
        return [engine.name for engine, answers in zip(engines, ready, strict=True) if not answers]

    async def stop(self) -> None:
        """Stop both in order and let go of the folder."""
        await asyncio.gather(self.nats.stop(), self.postgres.stop())
        self.folder.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()


def _first(failure: BaseException) -> BaseException:
    """Return what went wrong first: the group around it says nothing to a person."""
    while isinstance(failure, BaseExceptionGroup):
        failure = failure.exceptions[0]
    return failure
