"""The ceiling of storing: pgbench inserting the same kind of row, one by one, from 8 clients."""

import asyncio
import os
import re
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from benchmarks.processes import BenchmarkFailed
from deploy.local.binaries import postgres_binaries

TABLE = """
DROP TABLE IF EXISTS ceiling;
CREATE TABLE ceiling (
    position     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version      bigint NOT NULL,
    recorded_at  timestamptz NOT NULL,
    effective_at timestamptz NOT NULL,
    stream       text COLLATE "C" NOT NULL,
    type         text COLLATE "C" NOT NULL,
    data         bytea NOT NULL,
    meta         bytea NOT NULL,
    UNIQUE (stream, version)
)"""
INSERT = """\\set n random(1, 2000)
\\set v random(1, 1000000000)
INSERT INTO ceiling (version, recorded_at, effective_at, stream, type, data, meta)
VALUES (:v, now(), now(), 'file.f-' || :n, 'bench.file.letter-filed',
        convert_to(repeat('x', {data}), 'UTF8'), convert_to(repeat('y', {meta}), 'UTF8'))
ON CONFLICT DO NOTHING;
"""


async def single_row_inserts(database_url: str, data: int, meta: int, seconds: int) -> float:
    """Return rows a second, for rows with so many bytes of data and meta."""
    connection = await asyncpg.connect(database_url)
    await connection.execute(TABLE)
    await connection.close()
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "insert.sql"
        script.write_text(INSERT.format(data=data, meta=meta))
        return await _run(database_url, script, seconds)


async def _run(database_url: str, script: Path, seconds: int) -> float:
    url = urlsplit(database_url)
    process = await asyncio.create_subprocess_exec(
        str(postgres_binaries().folder / "pgbench"),
        *("--no-vacuum", "--protocol=prepared", "--client=8", "--jobs=2", f"--time={seconds}"),
        *(f"--file={script}", f"--host={url.hostname}", f"--port={url.port}", f"--username={url.username}"),
        url.path.removeprefix("/"),
        env={**os.environ, "PGPASSWORD": url.password or ""},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    printed, complaints = await process.communicate()
    rate = re.search(rb"tps = ([0-9.]+)", printed)
    if process.returncode != 0 or rate is None:
        raise BenchmarkFailed(f"pgbench failed: {complaints.decode()}")
    return float(rate[1])
