"""The tree over the leaves of a log, where it is not always sure which leaf is the true one."""

from collections.abc import Iterator, Sequence
from itertools import islice, product

from shared.eventstore.log.tree import HEIGHT, Edge, Tile

Choice = tuple[bytes, ...]
"""The leaves that a position may have, the most trusted first."""

TRIALS = 256
"""Combinations that are tried, at most, to find the leaves that lead to a signed root."""


class Tree:
    """Grows by one leaf after the other; a signed root decides which of several it was.

    Until then the first of them is taken. Nothing is decided any more after a root to which no combination
    leads, and nothing grows after a position of which no leaf is known.
    """

    def __init__(self) -> None:
        self.edge = Edge()
        self.whole = True
        """Whether a leaf of every position is known."""
        self.rival: Edge | None = None
        """The tree over the most trusted leaves, from the first choice on, whatever roots decide."""
        self._base: Edge | None = None
        self._choices: list[Choice] = []
        self._tiles: list[Tile] = []
        self._failed = False

    def append(self, leaf: bytes) -> None:
        """Add a leaf that nothing contradicts."""
        if not self.whole:
            return
        if self._base is not None:
            self._choices.append((leaf,))
        if self.rival is not None:
            self.rival.append(leaf)
        self._tiles += self.edge.append(leaf)

    def choose(self, *leaves: bytes | None) -> None:
        """Add one of several leaves, the most trusted first; None are unknown."""
        choice = tuple(dict.fromkeys(leaf for leaf in leaves if leaf is not None))
        if not choice:
            self.whole = False
            self.forget()
        elif len(choice) == 1:
            self.append(choice[0])
        elif self.whole:
            if self._base is None:
                self._base = self.edge.copy()
            if self.rival is None:
                self.rival = self.edge.copy()
            self._choices.append(choice)
            self.rival.append(choice[0])
            self._tiles += self.edge.append(choice[0])

    def settle(self, root: bytes) -> dict[int, bytes] | None:
        """Take the leaves that lead to a signed root.

        Returns the leaf of each position that had several, or None where no combination leads there.
        """
        first = self._base.size + 1 if self._base is not None else 0
        choices = self._choices
        taken: Sequence[bytes] | None = [choice[0] for choice in choices]
        if self.edge.root() != root:
            taken = self._found(root)
        self.forget()
        if taken is None:
            self._failed = True
            return None
        return {
            position: leaf
            for position, (leaf, choice) in enumerate(zip(taken, choices, strict=True), first)
            if len(choice) > 1
        }

    def forget(self) -> None:
        """Go on with the leaves that were taken, whatever others there were."""
        self._base, self._choices = None, []

    def drain(self) -> list[Tile]:
        """Return the tiles that are complete, once; none as long as their leaves are not sure."""
        if self._base is not None or not self._tiles:
            return []
        tiles, self._tiles = self._tiles, []
        return tiles

    def _found(self, root: bytes) -> Sequence[bytes] | None:
        if self._base is None or self._failed:
            return None
        for taken in _combinations(self._choices):
            edge, size = self._base.copy(), self._base.size
            tiles = [tile for leaf in taken for tile in edge.append(leaf)]
            if edge.root() == root:
                self._tiles = [tile for tile in self._tiles if _end(tile) <= size] + tiles
                self.edge = edge
                return taken
        return None


def _combinations(choices: Sequence[Choice]) -> Iterator[Sequence[bytes]]:
    """Everywhere the last of a choice, everywhere the second, then whatever else there is."""
    yield [choice[-1] for choice in choices]
    yield [choice[min(1, len(choice) - 1)] for choice in choices]
    yield from islice(product(*choices), TRIALS)


def _end(tile: Tile) -> int:
    return (tile.index + 1) << HEIGHT * (tile.level + 1)
