"""Where the log stands, as one writer sees it, and the statement that moves it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from shared.eventstore.batch import Batch
from shared.eventstore.errors import UnusableStore
from shared.eventstore.log.note import Checkpoint, Signer, UnverifiableNote, Verifier
from shared.eventstore.log.tree import HEIGHT, Edge
from shared.eventstore.pending import Answered
from shared.eventstore.rendering import columns
from shared.eventstore.statements import APPEND, APPEND_PARKING, HEAD


@dataclass(slots=True)
class Head:
    """The log, how many commits it has (turn) and the mark of the last, the last position and its moment."""

    log_id: UUID
    turn: int
    mark: UUID
    position: int
    recorded_at: datetime


async def read_head(connection: Any) -> Head:
    """Read the head row; raise `UnusableStore` where the schema holds no log."""
    try:
        row = await connection.fetchrow(HEAD)
    except asyncpg.UndefinedTableError as error:
        raise UnusableStore("the schema is not there: run `tanfidh migrate`") from error
    if row is None:
        raise UnusableStore("the schema holds no log: run `tanfidh migrate`")
    return Head(*row)


async def read_edge(connection: Any, size: int) -> Edge:
    """Take up the tree of the first `size` events from their leaves and the tiles before them."""
    full = size >> HEIGHT
    leaves = await connection.fetch(
        "SELECT leaf FROM events WHERE position > $1 AND position <= $2 ORDER BY position",
        full << HEIGHT,
        size,
    )
    open_tiles = [[row["leaf"] for row in leaves]]
    level = 0
    while full:
        start = full >> HEIGHT << HEIGHT
        roots = await connection.fetch(
            "SELECT root FROM log_tiles WHERE level = $1 AND index >= $2 AND index < $3 ORDER BY index",
            level,
            start,
            full,
        )
        open_tiles.append([row["root"] for row in roots])
        level, full = level + 1, full >> HEIGHT
    if [len(tile) for tile in open_tiles] != [(size >> (HEIGHT * n)) % 256 for n in range(len(open_tiles))]:
        raise UnusableStore(f"the log lacks leaves or tiles below position {size}")
    return Edge(size, open_tiles)


async def check_checkpoint(connection: Any, edge: Edge, sign_for: Callable[[UUID], Signer]) -> None:
    """Compare the end of the log with what this service signed of it last.

    This finds a truncated or changed end before anything is built on it; it is no proof of the whole,
    and a checkpoint held elsewhere is needed against somebody who truncates checkpoints too.
    """
    note = await connection.fetchval("SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1")
    if note is None and edge.size == 0:
        return
    said = _signed(note, sign_for) if note is not None else None
    if said is None or (said.size, said.root) != (edge.size, edge.root()):
        stated = f"a checkpoint of {said.size} events" if said is not None else "no checkpoint"
        raise UnusableStore(
            f"the log ends at {edge.size} with another root than its newest checkpoint says ({stated}): "
            "it was changed from outside; restore it from a backup"
        )


def _signed(note: str, sign_for: Callable[[UUID], Signer]) -> Checkpoint:
    """Read a checkpoint that this service signed, under the id that its log had then."""
    origin = note.partition("\n")[0]
    try:
        signer = sign_for(UUID(origin.rpartition("/")[2]))
        return Checkpoint.parse(Verifier(signer.verifier_key).open(note))
    except (ValueError, UnverifiableNote) as error:
        raise UnusableStore(
            f"the newest checkpoint ({origin}) is not signed with this service's key: it was changed from "
            "outside, or the key is another one"
        ) from error


async def commit(connection: Any, head: Head, batch: Batch, signer: Signer) -> bool:
    """Store a batch if the head still stands where the writer saw it; return whether it did."""
    rows, tiles = batch.rows, batch.tiles
    note = None
    if rows:
        note = signer.sign(Checkpoint(signer.name, batch.edge.size, batch.edge.root()).text())
    answers: list[tuple[UUID, Answered]] = list(batch.answers.items())
    turn = await connection.fetchval(
        APPEND_PARKING if batch.parking else APPEND,
        head.turn,
        head.position,
        batch.recorded_at,
        *columns(rows),
        [tile.level for tile in tiles],
        [tile.index for tile in tiles],
        [tile.hashes for tile in tiles],
        [tile.root for tile in tiles],
        note,
        [id for id, _ in answers],
        [answer.fingerprint for _, answer in answers],
        [answer.position for _, answer in answers],
        [answer.answer for _, answer in answers],
        list(batch.steps),
        list(batch.steps.values()),
        head.mark,
        batch.mark,
        *(batch.parking.columns() if batch.parking else ()),
    )
    return turn is not None
