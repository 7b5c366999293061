"""The walk along a log: row by row, beside its tiles, its checkpoints and the copies that audit received."""

from datetime import datetime

from deploy.verifying.keys import ServiceKey
from deploy.verifying.report import Report
from deploy.verifying.row import computed_leaf, disagreement
from deploy.verifying.witnessed import Testimony
from shared.domain.aggregate import NEVER
from shared.eventstore.lineage import Lineage
from shared.eventstore.log.leaf import NO_LEAF
from shared.eventstore.log.note import Checkpoint, UnverifiableNote
from shared.eventstore.log.tree import Edge, Tile
from shared.eventstore.record import Record

Known = dict[int, bytes]
"""Leaves by position."""


class Walk:
    """Verifies the rows of one log as they come, in order of position.

    A leaf is known from up to four places: computed from the row, stored in it, in its tile, and in the copy
    that audit received. Where they differ the position is named, and the tree goes on with the one that is
    hardest to change: the copy, the tile, the row. Whether that is true, the next signed root says.
    """

    def __init__(
        self,
        report: Report,
        lineage: Lineage,
        key: ServiceKey,
        testimony: Testimony,
    ) -> None:
        self.edge = Edge()
        self.tiles: list[Tile] = []
        self._report = report
        self._lineage = lineage
        verifiers = [key.of_log(str(span.log_id)) for span in lineage.spans]
        self._verifiers = {verifier.name: verifier for verifier in verifiers}
        self._testimony = testimony
        self.whole = True
        self._last: dict[str, tuple[int, bytes, int]] = {}
        self._strays: set[bytes] = set()
        """Leaves of events that are missing or were changed: what follows one of them is not to blame."""
        self._recorded_at: datetime = NEVER
        self._agreed = 0
        self._disagreed = False

    def missing(self, upto: int, tile: Known, copies: Known) -> None:
        """Positions from the next to `upto` have no row; the tree goes on where their leaves are known."""
        first = self.edge.size + 1
        self._report.find("is missing" if first == upto else "they are missing", first, upto)
        for position in range(first, upto + 1):
            leaf = copies.get(position, tile.get(position))
            self.whole = self.whole and leaf is not None
            self._strays.add(leaf or NO_LEAF)
            self._grow(leaf or NO_LEAF)

    def row(self, row: Record, tile: bytes | None, copy: bytes | None) -> None:
        """Take the next row; say the first thing that is wrong with it."""
        leaf = copy or tile or row.leaf
        wrong = self._content(row, computed_leaf(self._lineage.log_id_at(row.position), row), tile, copy)
        if wrong is not None:
            self._strays.add(leaf)
        else:
            wrong = self._order(row) or disagreement(row)
            self._last[row.stream] = row.version, leaf, row.position
            self._recorded_at = row.recorded_at
        if wrong is not None:
            self._report.find(wrong, row.position)
        self._report.events += 1
        self._grow(leaf)

    def _content(self, row: Record, computed: bytes, tile: bytes | None, copy: bytes | None) -> str | None:
        if computed != row.leaf:
            detail = disagreement(row)
            return f"was changed: its content does not give its leaf{f'; {detail}' if detail else ''}"
        if copy is not None and copy != row.leaf:
            return "was changed: audit received another event at this position"
        if tile is not None and tile != row.leaf:
            if copy is not None:
                return "has another leaf in its tile: the tile was changed"
            return "was changed: its leaf is not the one in its tile"
        return None

    def _order(self, row: Record) -> str | None:
        version, previous, position = self._last.get(row.stream, (0, NO_LEAF, 0))
        if row.recorded_at < self._recorded_at:
            return "was recorded before the position before it"
        if row.previous in self._strays:
            return None
        if row.version != version + 1:
            return f"is version {row.version} of {row.stream}, after version {version} at position {position}"
        if row.previous != previous:
            where = f"position {position}" if position else "nothing"
            return f"does not follow {where} in {row.stream}: one of them was changed"
        return None

    def _grow(self, leaf: bytes) -> None:
        self.tiles = self.edge.append(leaf)
        for seen in self._testimony.at.get(self.edge.size, ()):
            if self.whole and seen.root != self.edge.root():
                self._report.find(
                    f"is where {seen.witness} witnessed another root: what is before it was changed",
                    self.edge.size,
                )

    def checkpoint(self, size: int, note: str) -> None:
        """Compare a stored checkpoint with the rows before it."""
        verifier = self._verifiers.get(note.partition("\n")[0])
        try:
            if verifier is None:
                raise UnverifiableNote("it is of no log of this store")
            said = Checkpoint.parse(verifier.open(note))
        except UnverifiableNote as error:
            self._report.find(f"has a checkpoint that cannot be verified: {error}", size)
            return
        if said.size != size:
            self._report.find(f"has a checkpoint of {said.size} events", size)
            return
        if not self.whole:
            return
        if said.root == self.edge.root():
            self._agreed = size
            self._report.checkpoints += 1
        elif not self._disagreed:
            self._disagreed = True
            self._report.find(
                f"the checkpoint of {size} events signs another root than these rows have: "
                "at least one of them was changed, added or moved",
                self._agreed + 1,
                size,
            )
