"""The Merkle tree over all leaves (RFC 9162, section 2.1), grown at its right edge.

Complete subtrees of 256 leaves are written out as tiles, as the C2SP tlog-tiles specification cuts
them: the tile at level 0 holds 256 leaf hashes, one at level 1 holds the roots of 256 tiles of level
0, and so on. A tile is written once and never changes; what is right of the last full tile at each
level is held here, at most 255 hashes a level, and is read back in moments.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT = 8
WIDTH = 1 << HEIGHT
EMPTY_ROOT = hashlib.sha256(b"").digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two nodes into their parent (RFC 9162, section 2.1.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Tile:
    """256 hashes side by side at `level` (leaves are level 0), and the root over them."""

    level: int
    index: int
    hashes: bytes
    root: bytes


class Edge:
    """The right edge of the tree: enough to append, and to know the root."""

    def __init__(self, size: int = 0, open_tiles: list[list[bytes]] | None = None) -> None:
        """Take up a tree of `size` leaves, given the hashes in the unfinished tile of each level."""
        self.size = size
        self._open = [list(hashes) for hashes in open_tiles] if open_tiles else [[]]
        self._peaks = [peak for level in reversed(self._open) for peak in peaks_of(level)]

    def copy(self) -> "Edge":
        """Return an edge that grows on its own."""
        other = Edge.__new__(Edge)
        other.size = self.size
        other._open = [list(hashes) for hashes in self._open]
        other._peaks = list(self._peaks)
        return other

    def append(self, leaf: bytes) -> list[Tile]:
        """Add a leaf; return the tiles that it completes (mostly none)."""
        tiles: list[Tile] = []
        self._open[0].append(leaf)
        node, height, rest = leaf, 0, self.size
        while rest & 1:
            node = node_hash(self._peaks.pop(), node)
            height += 1
            rest >>= 1
            if height % HEIGHT == 0:
                tiles.append(self._finish(height // HEIGHT - 1, node))
        self._peaks.append(node)
        self.size += 1
        return tiles

    def _finish(self, level: int, root: bytes) -> Tile:
        hashes = b"".join(self._open[level])
        self._open[level] = []
        if len(self._open) == level + 1:
            self._open.append([])
        self._open[level + 1].append(root)
        return Tile(level, self.size >> (HEIGHT * (level + 1)), hashes, root)

    def root(self) -> bytes:
        """The root hash over all leaves."""
        if not self._peaks:
            return EMPTY_ROOT
        node = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            node = node_hash(peak, node)
        return node


def peaks_of(hashes: Sequence[bytes]) -> list[bytes]:
    """The roots of the largest complete subtrees over an unfinished tile, from left to right."""
    peaks: list[bytes] = []
    for count, node in enumerate(hashes):
        while count & 1:
            node = node_hash(peaks.pop(), node)
            count >>= 1
        peaks.append(node)
    return peaks
