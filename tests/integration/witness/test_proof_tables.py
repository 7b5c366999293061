"""Proofs out of the tables of a log with three levels of tiles."""

import hashlib
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest

from shared.eventstore.errors import UnusableStore
from shared.eventstore.log.nodes import consistency_path, inclusion_path, root_at
from shared.eventstore.log.proof import verify_consistency, verify_inclusion
from shared.eventstore.log.tree import Edge
from shared.eventstore.migrate import migrate

SIZE = 256 * 256 + 3 * 256 + 77
SIZES = (1, 2, 255, 256, 257, 511, 65_535, 65_536, 65_537, 65_536 + 255, 65_536 + 256, SIZE - 1, SIZE)
MOMENT = datetime(2025, 5, 5, tzinfo=UTC)
COLUMNS = "position version recorded_at effective_at schema stream type data meta sealed previous leaf"


def leaf(position: int) -> bytes:
    return hashlib.sha256(b"\0" + str(position).encode()).digest()


@pytest.fixture
async def tables(database_url: str) -> AsyncIterator[tuple[Any, dict[int, bytes]]]:
    """Leaves and tiles, and the roots at some sizes as the edge of the tree has them."""
    await migrate(database_url, "sample")
    connection = await asyncpg.connect(database_url, server_settings={"search_path": "sample"})
    edge, tiles, roots = Edge(), [], {}
    for position in range(1, SIZE + 1):
        tiles += edge.append(leaf(position))
        if position in SIZES:
            roots[position] = edge.root()
    rows = [
        (position, position, MOMENT, MOMENT, 1, "s.s", "t", b"", b"", b"", b"", leaf(position))
        for position in range(1, SIZE + 1)
    ]
    await connection.copy_records_to_table("events", records=rows, columns=COLUMNS.split())
    await connection.copy_records_to_table(
        "log_tiles", records=[(tile.level, tile.index, tile.hashes, tile.root) for tile in tiles]
    )
    await connection.execute("ANALYZE")
    yield connection, roots
    await connection.close()


async def test_proofs_verify_at_every_edge_of_tiles(tables: tuple[Any, dict[int, bytes]]) -> None:
    connection, roots = tables
    chance = random.Random(298)
    for size, root in roots.items():
        assert await root_at(connection, size) == root
        for index in {0, size - 1, size // 2, chance.randrange(size)}:
            path = await inclusion_path(connection, index, size)
            verify_inclusion(leaf(index + 1), index, size, path, root)
        for old in (old for old in SIZES if old <= size):
            path = await consistency_path(connection, old, size)
            verify_consistency(old, roots[old], size, root, path)


async def test_a_table_that_lacks_hashes_gives_no_proof(tables: tuple[Any, dict[int, bytes]]) -> None:
    connection, _ = tables
    await connection.execute("SET session_replication_role = replica")
    await connection.execute("DELETE FROM log_tiles WHERE level = 0 AND index = 256")
    with pytest.raises(UnusableStore, match="lacks hashes of its tile 1 at level 1"):
        await inclusion_path(connection, SIZE - 1, SIZE)
