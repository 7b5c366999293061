"""Somebody with all rights in the database, who knows the format of the log; with its key or without."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import fields
from hashlib import sha256
from typing import Any
from uuid import UUID

import asyncpg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.audit.filing.columns import filed
from shared.eventstore.lineage import read_lineage
from shared.eventstore.log.leaf import NO_LEAF, leaf_of
from shared.eventstore.log.note import Checkpoint, Signer, origin_of
from shared.eventstore.log.tree import Edge
from shared.eventstore.record import Record
from shared.messaging.received import Received


class Attacker:
    """Changes the log of one service; no trigger stops him."""

    def __init__(self, connection: Any, service: str) -> None:
        self.connection = connection
        self.service = service

    async def come(self) -> None:
        """Turn to the service's schema."""
        await self.connection.execute(f"SET search_path = {self.service}")

    async def run(self, *statements: str) -> None:
        """Run statements, each of which changes something."""
        await self.come()
        for statement in statements:
            done = await self.connection.execute(statement)
            assert not done.endswith(" 0"), f"nothing was done by {statement}"

    async def shift(self, first: int, by: int) -> None:
        """Move all positions from one on; in two steps, since positions are unique."""
        await self.come()
        await self.connection.execute("UPDATE events SET position = -position WHERE position >= $1", first)
        await self.connection.execute("UPDATE events SET position = $1 - position WHERE position < 0", by)

    async def recompute(self, unchained: int = 0) -> None:
        """Compute chains, leaves, tiles and the head anew, over whatever rows there are.

        The event at the position `unchained` is made to follow nothing.
        """
        await self.come()
        lineage, edge, last = await read_lineage(self.connection), Edge(), dict[str, tuple[int, bytes]]()
        await self.connection.execute("DELETE FROM log_tiles")
        rows = await self.connection.fetch("SELECT * FROM events ORDER BY position")
        for row in rows:
            position = row["position"]
            version, previous = last.get(row["stream"], (0, NO_LEAF))
            previous = NO_LEAF if position == unchained else previous
            leaf = leaf_of(
                lineage.log_id_at(position),
                position,
                row["stream"],
                row["version"],
                row["type"],
                row["schema"],
                row["recorded_at"],
                row["effective_at"],
                row["data"],
                row["meta"],
                row["sealed"],
                previous,
            )
            last[row["stream"]] = version + 1, leaf
            await self.connection.execute(
                "UPDATE events SET previous = $2, leaf = $3 WHERE position = $1", position, previous, leaf
            )
            for tile in edge.append(leaf):
                await self.connection.execute(
                    "INSERT INTO log_tiles VALUES ($1, $2, $3, $4)",
                    tile.level,
                    tile.index,
                    tile.hashes,
                    tile.root,
                )
        await self.connection.execute(
            "UPDATE head SET position = $1, recorded_at = coalesce($2, recorded_at)",
            len(rows),
            max((row["recorded_at"] for row in rows), default=None),
        )

    async def sign(self, key: Ed25519PrivateKey) -> None:
        """Sign every stored checkpoint anew, over the leaves that there are; and the newest, if it is not."""
        await self.come()
        lineage = await read_lineage(self.connection)
        signer = Signer(origin_of(self.service, str(lineage.current)), key)
        sizes = {row["size"] for row in await self.connection.fetch("SELECT size FROM checkpoints")}
        leaves = [
            row["leaf"] for row in await self.connection.fetch("SELECT leaf FROM events ORDER BY position")
        ]
        await self.connection.execute("DELETE FROM checkpoints")
        edge = Edge()
        for leaf in leaves:
            edge.append(leaf)
            if edge.size in sizes or edge.size == len(leaves):
                note = signer.sign(Checkpoint(signer.name, edge.size, edge.root()).text())
                await self.connection.execute("INSERT INTO checkpoints VALUES ($1, $2)", edge.size, note)

    async def forge_copy(self, source: str, position: int, like: int) -> None:
        """File another event at a position: that of a position, with other data, its leaf computed anew."""
        await self.come()
        row = dict(
            await self.connection.fetchrow(
                "SELECT filed.*, log_id FROM filed JOIN filed_logs ON log = number"
                " WHERE filed.source = $1 AND position = $2",
                source,
                like,
            )
        )
        log_id = row.pop("log_id")
        row |= {"position": position, "data": row["data"] + b" "}
        forged = filed(
            Received(log_id=log_id, **{f.name: row[f.name] for f in fields(Received) if f.name in row})
        )
        for table in ("filed", "filed_departments"):
            await self.connection.execute(
                f"DELETE FROM {table} WHERE source = $1 AND position = $2", source, position
            )
        row |= forged._asdict()
        await self._insert(row)

    async def sign_end(self, key: Ed25519PrivateKey) -> None:
        """Sign the whole log as its leaves are, and no earlier size."""
        await self.come()
        lineage, edge = await read_lineage(self.connection), Edge()
        signer = Signer(origin_of(self.service, str(lineage.current)), key)
        for row in await self.connection.fetch("SELECT leaf FROM events ORDER BY position"):
            edge.append(row["leaf"])
        note = signer.sign(Checkpoint(signer.name, edge.size, edge.root()).text())
        await self.connection.execute("INSERT INTO checkpoints VALUES ($1, $2)", edge.size, note)

    async def file_true(self, source: str, number: int, log_id: UUID, after: int) -> None:
        """File a service's events after a position as audit does."""
        await self.connection.execute(f"SET search_path = {source}")
        lineage = await read_lineage(self.connection)
        rows = await self.connection.fetch("SELECT * FROM events WHERE position > $1", after)
        await self.come()
        for row in rows:
            record = Record(**row)
            hashed = lineage.log_id_at(record.position)
            values = filed(
                Received(
                    log_id,
                    record.position,
                    record.stream,
                    record.version,
                    record.type,
                    record.schema,
                    record.recorded_at,
                    record.effective_at,
                    record.event_id,
                    record.data,
                    record.meta,
                    sha256(record.sealed).digest(),
                    record.previous,
                    None if hashed == log_id else hashed,
                )
            )
            await self._insert({"source": source, "log": number, **values._asdict()})

    async def _insert(self, row: dict[str, Any]) -> None:
        names, places = ", ".join(row), ", ".join(f"${number}" for number in range(1, len(row) + 1))
        await self.connection.execute(f"INSERT INTO filed ({names}) VALUES ({places})", *row.values())
        await self.connection.execute(
            "INSERT INTO filed_departments (source, position, log, recorded_at, type, department)"
            " SELECT source, position, log, recorded_at, type, unnest(departments) FROM filed"
            " WHERE source = $1 AND position = $2 AND log = $3",
            *(row[name] for name in ("source", "position", "log")),
        )

    async def cut_back(self, size: int) -> None:
        """Remove everything beyond a signed size: rows, tiles, checkpoints; the head is set back."""
        await self.run(
            f"DELETE FROM events WHERE position > {size}",
            f"DELETE FROM checkpoints WHERE size > {size}",
            f"UPDATE head SET position = {size},"
            f" recorded_at = coalesce((SELECT recorded_at FROM events WHERE position = {size}), 'epoch')",
        )
        await self.connection.execute(
            "DELETE FROM log_tiles WHERE (index + 1) * power(256, level + 1) > $1", size
        )


@asynccontextmanager
async def attacking(database_url: str, service: str) -> AsyncIterator[Attacker]:
    connection = await asyncpg.connect(database_url, statement_cache_size=0)
    try:
        await connection.execute("SET session_replication_role = replica")
        attacker = Attacker(connection, service)
        await attacker.come()
        yield attacker
    finally:
        await connection.close()
