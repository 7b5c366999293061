"""A database of its own for each measurement, so that none meets what another left."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg

from deploy.local.engines import Engines


@asynccontextmanager
async def empty_database(engines: Engines) -> AsyncIterator[str]:
    """Give the address of a new database; drop it, and settle what it left to write, afterwards."""
    name = f"bench_{uuid4().hex}"
    connection = await asyncpg.connect(engines.postgres.url_of("postgres"))
    try:
        await connection.execute(f"CREATE DATABASE {name}")
        yield engines.postgres.url_of(name)
    finally:
        await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await connection.execute("CHECKPOINT")
        await connection.close()
