"""Looks for texts in everything that a ministry's engines and processes keep, however they are written."""

import json
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import asyncpg

from tests.faults.ministry import Ministry

SHORTEST = 8
"""Bytes of what is looked for: less is found by chance."""


def ways(value: bytes | str) -> set[bytes]:
    """How it may stand there: as it is, as JSON escapes it, in hexadecimal, in base64 at each offset."""
    raw = value.encode() if isinstance(value, str) else value
    found = {raw, raw.hex().encode()}
    for before in range(3):
        encoded = b64encode(bytes(before) + raw)
        found.add(encoded[(0, 2, 3)[before] : len(encoded) - 4])
    if isinstance(value, str):
        found.add(json.dumps(value)[1:-1].encode())
    return {way for way in found if len(way) >= SHORTEST}


async def found(ministry: Ministry, texts: Mapping[str, bytes | str], since: float) -> set[tuple[str, str]]:
    """Return where each text stands: ``(kind of place, name of the text)``.

    Args:
        ministry: whose tables, log of changes, streams and logs are looked through.
        texts: what is looked for, by name.
        since: files that nobody has written to since are left out.
    """
    wanted = {name: ways(text) for name, text in texts.items()}
    hits = set()
    async for place, content in _everything(ministry, since):
        for name, forms in wanted.items():
            if any(form in content for form in forms):
                hits.add((place, name))
    return hits


async def _everything(ministry: Ministry, since: float) -> AsyncIterator[tuple[str, bytes]]:
    connection = await asyncpg.connect(ministry.database_url)
    try:
        oid = await connection.fetchval("SELECT oid FROM pg_database WHERE datname = current_database()")
        cluster = Path(await connection.fetchval("SHOW data_directory"))
        tables = await connection.fetch(
            "SELECT schemaname, tablename FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        )
        for schema, table in tables:
            rows = await connection.fetch(f'SELECT * FROM "{schema}"."{table}"')
            yield "table", b"\n".join(_bytes(value) for row in rows for value in row)
            yield "table", b"\n".join(str(tuple(row)).encode() for row in rows)
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()
    folders = {
        "heap": cluster / "base" / str(oid),
        "wal": cluster / "pg_wal",
        "stream": ministry.folder / "nats",
    }
    for place, folder in folders.items():
        for file in folder.rglob("*"):
            if file.is_file() and file.stat().st_mtime >= since:
                yield place, file.read_bytes()
    for file in ministry.folder.glob("*.log"):
        yield "log", file.read_bytes()


def _bytes(value: Any) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
