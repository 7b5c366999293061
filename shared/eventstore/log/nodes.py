"""The hashes of a proof, found in the tables: one tile a level, and what no tile holds yet from below it."""

from collections.abc import Iterable, Sequence
from typing import Any

from shared.eventstore.errors import UnusableStore
from shared.eventstore.log.proof import (
    Range,
    consistency_ranges,
    inclusion_ranges,
    perfect_parts,
    root_of_parts,
)
from shared.eventstore.log.tree import HEIGHT, WIDTH, peaks_of
from shared.eventstore.statements import TILES

_HASH = 32

Place = tuple[int, int]
"""Level and index of a tile."""


async def inclusion_path(connection: Any, index: int, size: int) -> list[bytes]:
    """Return the proof that leaf `index`, from 0, is in the tree of the first `size` events.

    Reads at most one tile for each level, and 255 hashes at the right edge.

    Raises:
        ValueError: there is no such leaf in such a tree.
        UnusableStore: the tables lack what the tree is made of.
    """
    return await roots_of(connection, inclusion_ranges(index, size))


async def consistency_path(connection: Any, old: int, new: int) -> list[bytes]:
    """Return the proof that the first `new` events begin with the first `old`; see `inclusion_path`."""
    return await roots_of(connection, consistency_ranges(old, new))


async def root_at(connection: Any, size: int) -> bytes:
    """Return the root of the tree of the first `size` events, at least one."""
    return (await roots_of(connection, [(0, size)]))[0]


async def roots_of(connection: Any, ranges: Sequence[Range]) -> list[bytes]:
    """Return the roots of ranges of leaves, on a connection whose search_path names the schema."""
    parts = [perfect_parts(start, end) for start, end in ranges]
    needed = {_place(part): part for several in parts for part in several}
    hashes = await _hashes(connection, {place: _end(place, parts) for place in needed})
    return [root_of_parts([_node(hashes, part) for part in several]) for several in parts]


def _level(part: Range) -> int:
    return ((part[1] - part[0]).bit_length() - 1) // HEIGHT


def _place(part: Range) -> Place:
    """The tile that holds what a complete subtree is computed from."""
    level = _level(part)
    return level, part[0] >> (HEIGHT * (level + 1))


def _end(place: Place, parts: Iterable[Iterable[Range]]) -> int:
    """How many hashes of a tile are needed, from its first."""
    level, index = place
    ends = [end for several in parts for start, end in several if _place((start, end)) == place]
    return (max(ends) >> (HEIGHT * level)) - index * WIDTH


async def _hashes(connection: Any, needed: dict[Place, int]) -> dict[Place, list[bytes]]:
    """Return as many hashes of each tile as are needed; a tile that is not full yet is read from below."""
    levels, indexes = [level for level, _ in needed], [index for _, index in needed]
    rows = await connection.fetch(TILES, levels, indexes, list(needed.values()))
    found = {(row["level"], row["index"]): _cut(row["hashes"]) for row in rows}
    for place, count in needed.items():
        if len(found[place]) < count:
            raise UnusableStore(f"the log lacks hashes of its tile {place[1]} at level {place[0]}")
    return found


def _cut(hashes: bytes) -> list[bytes]:
    return [hashes[at : at + _HASH] for at in range(0, len(hashes), _HASH)]


def _node(hashes: dict[Place, list[bytes]], part: Range) -> bytes:
    level, index = _place(part)
    shift = HEIGHT * level
    first = (part[0] >> shift) - index * WIDTH
    (root,) = peaks_of(hashes[level, index][first : first + ((part[1] - part[0]) >> shift)])
    return root
