"""Positions of which row, tile and copy tell several leaves, until a signed root says which is true."""

from dataclasses import dataclass

from deploy.verifying.report import Report
from deploy.verifying.tree import Tree

_RECEIVED = "was changed: audit received another event at this position"


@dataclass(frozen=True, slots=True)
class Contested:
    """The leaves of a position, None where there is none.

    Attributes:
        row: None also of a row that contradicts itself, which is told already.
        wrong: what else is wrong with the row, where it is the true one.
    """

    position: int
    row: bytes | None
    tile: bytes | None
    copy: bytes | None
    wrong: str | None = None


class Contest:
    """Decides against the log, its tile or the copy, and says so in the report of each.

    The log's key signs for the row against the copy, and a witness may sign for the copy after that: then the
    log was signed anew. So what a checkpoint decides against a copy is told when a witness has confirmed it,
    or at the end.
    """

    def __init__(self, tree: Tree, report: Report, trail: Report) -> None:
        self._tree = tree
        self._report = report
        self._trail = trail
        self._open: list[Contested] = []
        self._doubtful: list[Contested] = []
        self._signed_anew = False

    def add(self, contested: Contested) -> None:
        """Leave a position open."""
        self._open.append(contested)

    def settle(self, root: bytes) -> bool:
        """Decide what is open by a signed root; return whether the leaves lead to it."""
        truth = self._tree.settle(root)
        for contested in self._open:
            if truth is None:
                self._undecided(contested)
            else:
                self._decide(contested, truth.get(contested.position))
        self._open = []
        if not self._doubtful:
            self._tree.rival = None
        return truth is not None

    def witness(self, root: bytes) -> bool:
        """Compare with a witnessed root; it decides what the log's own decided before."""
        agrees = self._tree.edge.root() == root
        if self._open:
            agrees = self.settle(root)
        rival = self._tree.rival
        if not agrees and rival is not None and rival.root() == root:
            self._signed_anew = True
        if agrees or self._signed_anew:
            self._conclude()
        return agrees

    def end(self) -> None:
        """Nothing more will be signed."""
        self._tree.forget()
        for contested in self._open:
            self._undecided(contested)
        self._open = []
        self._conclude()

    def _conclude(self) -> None:
        for contested in self._doubtful:
            if self._signed_anew:
                self._report.find(_RECEIVED, contested.position)
            else:
                self._trail.find(
                    f"of {self._report.service} is another event than the one in its log, which is signed: "
                    "what was published was changed before audit received it, or the copy since",
                    contested.position,
                )
        self._doubtful = []
        if not self._signed_anew:
            self._tree.rival = None

    def _decide(self, contested: Contested, true: bytes | None) -> None:
        row, tile, copy = contested.row, contested.tile, contested.copy
        true = true if true is not None else row
        if row is not None and row != true:
            what = _RECEIVED if copy == true else "was changed: its leaf is not the one in its tile"
            self._report.find(what, contested.position)
        elif tile is not None and true is not None and tile != true:
            self._report.find("has another leaf in its tile: the tile was changed", contested.position)
        elif contested.wrong is not None:
            self._report.find(contested.wrong, contested.position)
        if copy is not None and true is not None and copy != true:
            self._doubtful.append(contested)

    def _undecided(self, contested: Contested) -> None:
        if contested.row is None:
            return
        if contested.copy not in (None, contested.row):
            self._report.find(_RECEIVED, contested.position)
        elif contested.tile not in (None, contested.row):
            self._report.find("was changed: its leaf is not the one in its tile", contested.position)
        elif contested.wrong is not None:
            self._report.find(contested.wrong, contested.position)
