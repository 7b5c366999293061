"""One inclusion proof out of the tables, at three lengths of the log; and the verification of the longest."""

import random
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID, uuid5

import asyncpg
import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks.databases import empty_database
from benchmarks.figures import Figure
from deploy.local.engines import Engines
from deploy.verifying.keys import ServiceKey
from deploy.verifying.run import verify_all
from shared.contracts.meta import rfc3339
from shared.eventstore.log.leaf import NO_LEAF, leaf_of
from shared.eventstore.log.nodes import inclusion_path
from shared.eventstore.log.note import Checkpoint, Signer, origin_of, raw_public
from shared.eventstore.log.proof import verify_inclusion
from shared.eventstore.log.tree import Edge, Tile
from shared.eventstore.migrate import migrate
from shared.eventstore.statements import COLUMNS

LENGTHS = (10_000, 100_000, 1_000_000)
PROOFS = 500
STREAMS = 1_000
COMMIT = 100
"""Events between two checkpoints."""
SERVICE = "bench"
LOG = UUID(int=298)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
_BEGINS = datetime(2025, 5, 5, 8, tzinfo=UTC)
_COLUMNS = (
    "position",
    "version",
    "recorded_at",
    "effective_at",
    "schema",
    "stream",
    "type",
    "data",
    "meta",
    "sealed",
    "previous",
    "leaf",
)


async def figures(engines: Engines) -> list[Figure]:
    """Take the figures: proofs of longer logs beside the shortest, verifying beside reading alone."""
    proofs: dict[int, float] = {}
    for length in LENGTHS:
        async with filled(engines, length) as (url, connection, edge):
            proofs[length] = await _proof(connection, edge)
            if length == LENGTHS[-1]:
                read, verified = await _read(connection, length), await _verified(url, length)
    shortest = f"the same of {LENGTHS[0]:,} events"
    return [
        *(
            Figure(
                f"one inclusion proof of {n:,} events",
                "ms",
                proofs[n],
                shortest,
                proofs[LENGTHS[0]],
                2.0,
                1.5,
            )
            for n in LENGTHS[1:]
        ),
        Figure(
            f"events verified by audit verify, of {LENGTHS[-1]:,}",
            "/s",
            verified,
            "the rows read alone",
            read,
            0.1,
            0.3,
        ),
    ]


async def _proof(connection: Any, edge: Edge) -> float:
    """The median time of one proof, in milliseconds; every proof is verified."""
    chance, seconds = random.Random(298), list[float]()
    for _ in range(PROOFS):
        index = chance.randrange(edge.size)
        began = time.perf_counter()
        path = await inclusion_path(connection, index, edge.size)
        seconds.append(time.perf_counter() - began)
        leaf = await connection.fetchval("SELECT leaf FROM events WHERE position = $1", index + 1)
        verify_inclusion(leaf, index, edge.size, path, edge.root())
    return median(seconds) * 1000


async def _read(connection: Any, length: int) -> float:
    """Rows a second that are read in order, and nothing else."""
    began = time.perf_counter()
    async with connection.transaction():
        async for _ in connection.cursor(f"SELECT {COLUMNS} FROM events ORDER BY position", prefetch=2_000):
            """Each is dropped."""
    return length / (time.perf_counter() - began)


async def _verified(url: str, length: int) -> float:
    """Events a second that are verified."""
    began = time.perf_counter()
    keys = {SERVICE: ServiceKey(SERVICE, raw_public(KEY))}
    (report,) = await verify_all(url, [SERVICE], keys, lambda *_: None)
    assert report.verified and report.events == length, report
    return length / (time.perf_counter() - began)


@asynccontextmanager
async def filled(engines: Engines, length: int) -> AsyncIterator[tuple[str, Any, Edge]]:
    """A log of a length, written to the tables at once: its database, a connection and the tree over it."""
    async with empty_database(engines) as url:
        await migrate(url, SERVICE, LOG)
        connection = await asyncpg.connect(url, server_settings={"search_path": SERVICE})
        try:
            yield url, connection, await fill(connection, length)
        finally:
            await connection.close()


async def fill(connection: Any, length: int) -> Edge:
    """Write a true log: events of many streams, their tiles, a signed checkpoint now and then, the head."""
    edge, tiles, notes = Edge(), list[Tile](), list[tuple[int, str]]()
    signer = Signer(origin_of(SERVICE, str(LOG)), KEY)

    async def rows() -> AsyncIterator[tuple[Any, ...]]:
        for row in _rows(length):
            tiles.extend(edge.append(row[-1]))
            if edge.size % COMMIT == 0 or edge.size == length:
                checkpoint = Checkpoint(signer.name, edge.size, edge.root())
                notes.append((edge.size, signer.sign(checkpoint.text())))
            yield row

    await connection.copy_records_to_table("events", records=rows(), columns=_COLUMNS)
    await connection.copy_records_to_table(
        "log_tiles", records=[(tile.level, tile.index, tile.hashes, tile.root) for tile in tiles]
    )
    await connection.copy_records_to_table("checkpoints", records=notes)
    await connection.execute(
        "UPDATE head SET position = $1, turn = 1, recorded_at = $2", length, _moment(length)
    )
    await connection.execute("ANALYZE")
    return edge


def _rows(length: int) -> Iterator[tuple[Any, ...]]:
    last: dict[str, tuple[int, bytes]] = {}
    type = "bench.file.filed"
    for position in range(1, length + 1):
        stream = f"file.f-{position % STREAMS}"
        version, previous = last.get(stream, (0, NO_LEAF))
        recorded = _moment(position)
        said = {"type": type, "schema": 1, "stream": stream, "version": version + 1}
        times = dict.fromkeys(("recorded_at", "effective_at"), rfc3339(recorded))
        who = {"actor": {"subject": "bench", "role": "admin"}, "command": str(uuid5(LOG, str(position)))}
        meta = orjson.dumps({"id": who["command"], **said, **times, **who, "keys": {}})
        data = orjson.dumps({"letter": f"letter number {position}", "text": "x" * 100})
        leaf = leaf_of(
            LOG, position, stream, version + 1, type, 1, recorded, recorded, data, meta, b"", previous
        )
        last[stream] = version + 1, leaf
        yield position, version + 1, recorded, recorded, 1, stream, type, data, meta, b"", previous, leaf


def _moment(position: int) -> datetime:
    return _BEGINS + timedelta(milliseconds=position)
