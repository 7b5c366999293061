"""The walk along a log: row by row, beside its tiles, its checkpoints and the copies that audit received."""

from datetime import datetime

from deploy.verifying.contest import Contest, Contested
from deploy.verifying.keys import ServiceKey
from deploy.verifying.report import Report
from deploy.verifying.row import computed_leaf, disagreement
from deploy.verifying.tree import Tree
from deploy.verifying.witnessed import Testimony
from shared.domain.aggregate import NEVER
from shared.eventstore.lineage import Lineage
from shared.eventstore.log.leaf import NO_LEAF
from shared.eventstore.log.note import Checkpoint, UnverifiableNote
from shared.eventstore.record import Record


class Walk:
    """Verifies the rows of one log as they come, in order of position.

    A leaf is known from up to four places: computed from the row, stored in it, in its tile, and in the copy
    that audit received. Where they differ, the next signed root says which of them is the true one.
    """

    def __init__(
        self, report: Report, trail: Report, lineage: Lineage, key: ServiceKey, testimony: Testimony
    ) -> None:
        self.position = 0
        self.tree = Tree()
        self._report = report
        self._lineage = lineage
        verifiers = [key.of_log(str(span.log_id)) for span in lineage.spans]
        self._verifiers = {verifier.name: verifier for verifier in verifiers}
        self._testimony = testimony
        self._contest = Contest(self.tree, report, trail)
        self._last: dict[str, tuple[int, bytes, int]] = {}
        self._strays: set[bytes | None] = set()
        """Leaves of events that are missing or were changed: what follows one of them is not to blame."""
        self.recorded_at: datetime = NEVER
        self._agreed = 0
        self._disagreed = False

    def missing(self, tile: bytes | None, copy: bytes | None) -> None:
        """The next position has no row; the tree goes on where its leaf is known."""
        self.position += 1
        self._strays |= {copy or tile or NO_LEAF, tile or NO_LEAF}
        self.tree.choose(copy, tile)

    def skip(self, upto: int) -> None:
        """Nothing is known of positions up to one; the tree must have ended."""
        self.position = upto

    def row(self, row: Record, tile: bytes | None, copy: bytes | None) -> None:
        """Take the next row; say the first thing that is wrong with it."""
        self.position = row.position
        self._report.events += 1
        computed = computed_leaf(self._lineage.log_id_at(row.position), row)
        if computed is None or computed != row.leaf:
            detail = disagreement(row)
            what = "was changed: its content does not give its leaf" + (f"; {detail}" if detail else "")
            self._report.find(what, row.position)
            self._contest.add(Contested(row.position, None, tile, copy))
            self._strays |= {copy, tile, row.leaf, computed}
            self.tree.choose(copy, tile, row.leaf, computed)
            return
        wrong = self._order(row) or disagreement(row)
        self._last[row.stream] = row.version, row.leaf, row.position
        if copy in (None, row.leaf) and tile in (None, row.leaf):
            self.recorded_at = row.recorded_at
            if wrong is not None:
                self._report.find(wrong, row.position)
            self.tree.append(row.leaf)
            return
        self._contest.add(Contested(row.position, row.leaf, tile, copy, wrong))
        self._strays |= {copy, tile, row.leaf}
        self.tree.choose(copy, tile, row.leaf)

    def _order(self, row: Record) -> str | None:
        version, previous, position = self._last.get(row.stream, (0, NO_LEAF, 0))
        if row.recorded_at < self.recorded_at:
            return "was recorded before the position before it"
        if row.previous in self._strays:
            return None
        if row.version != version + 1:
            return f"is version {row.version} of {row.stream}, after version {version} at position {position}"
        if row.previous != previous:
            where = f"position {position}" if position else "nothing"
            return f"does not follow {where} in {row.stream}: one of them was changed"
        return None

    def signed(self, size: int, note: str) -> Checkpoint | None:
        """Read a stored checkpoint; None, and a finding, where the log did not sign it as that of a size."""
        verifier = self._verifiers.get(note.partition("\n")[0])
        try:
            if verifier is None:
                raise UnverifiableNote("it is of no log of this store")
            said = Checkpoint.parse(verifier.open(note))
        except UnverifiableNote as error:
            self._report.find(f"has a checkpoint that cannot be verified: {error}", size)
            return None
        if said.size != size:
            self._report.find(f"has a checkpoint of {said.size} events", size)
            return None
        return said

    def checkpoint(self, size: int, note: str) -> None:
        """Compare a stored checkpoint with the rows before it."""
        said = self.signed(size, note)
        if said is None:
            return
        self._report.checkpoint = size
        if not self.tree.whole:
            return
        if self._contest.settle(said.root):
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

    def common(self, note: str) -> None:
        """Compare what a log says to have in common with the one before; the walk is at its size."""
        said = self.signed(self.position, note)
        if said is not None and self.tree.whole and said.root != self.tree.edge.root():
            self._report.find(
                "is where a log begins that names another root of the one before", self.position
            )

    def witnessed(self) -> None:
        """Compare what was witnessed of the position that the walk is at."""
        for seen in self._testimony.at.get(self.position, ()):
            if self.tree.whole and not self._contest.witness(seen.root):
                self._report.find(
                    f"is where {seen.witness} witnessed another root: what is before it was changed",
                    self.position,
                )

    def end(self) -> None:
        """Decide what no signed root has decided."""
        self._contest.end()
