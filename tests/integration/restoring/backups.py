"""Backups of one service's schema, with PostgreSQL's own programs."""

import subprocess
from pathlib import Path

import asyncpg

from deploy.local.binaries import postgres_binaries


def back_up(database_url: str, service: str, file: Path) -> None:
    """Take a backup of one service while the others go on."""
    _run("pg_dump", "--format=custom", f"--schema={service}", f"--file={file}", database_url)


async def put_back(database_url: str, service: str, file: Path) -> None:
    """Replace a service's schema with the backup."""
    connection = await asyncpg.connect(database_url)
    await connection.execute(f'DROP SCHEMA "{service}" CASCADE')
    await connection.close()
    _run("pg_restore", "--exit-on-error", f"--dbname={database_url}", str(file))


def _run(program: str, *arguments: str) -> None:
    found = postgres_binaries().folder / program
    subprocess.run([found, *arguments], check=True, capture_output=True, timeout=60)
