"""Queues of parked events: what waits together, in the order in which it was recorded (decision 0040).

An event that rests on what waits elsewhere joins that queue, with everything that waits on its own strand:
all of it is one queue until it is empty. So nothing overtakes what was recorded before it and concerns it,
only the first of a queue is tried, and there is no way to wait in a circle.
"""

from bisect import insort
from collections.abc import Iterable


class Queues:
    """Works on the dictionaries that it is given.

    Args:
        positions: of each queue the positions that wait in it, in order.
        strands: of each strand the queues that hold it up.
        held: of each queue the strands that it holds up, also those of events that have left it already.
    """

    def __init__(
        self, positions: dict[str, list[int]], strands: dict[str, list[str]], held: dict[str, list[str]]
    ) -> None:
        self._positions = positions
        self._strands = strands
        self._held = held

    def touched(self, strands: Iterable[str]) -> list[str]:
        """The queues that hold up any of these strands, the one with the earliest event first."""
        names = {name for strand in strands for name in self._strands.get(strand, ())}
        return sorted(names, key=lambda name: self._positions[name][0])

    def first(self, strands: Iterable[str]) -> int | None:
        """The first position that waits on any of these strands; None where none does."""
        names = self.touched(strands)
        return self._positions[names[0]][0] if names else None

    def add(self, position: int, held: tuple[str, ...], asked: Iterable[str]) -> None:
        """Let a position wait that holds up strands, behind all that holds up those that it asks for.

        A queue of its own has the name of its own strand, which is the first of `held`.
        """
        names = self.touched(asked)
        name = names[0] if names else held[0]
        for other in names[1:]:
            self._join(name, other)
        insort(self._positions.setdefault(name, []), position)
        self._hold(name, held)

    def remove(self, position: int, strand: str) -> str | None:
        """Let go of a position, which waited on this strand of its own; an empty queue holds nothing up.

        Return the name of the queue where that is empty now.
        """
        (name,) = self._strands[strand]
        self._positions[name].remove(position)
        if self._positions[name]:
            return None
        del self._positions[name]
        self._let_go(name)
        return name

    def _join(self, name: str, other: str) -> None:
        for position in self._positions.pop(other):
            insort(self._positions[name], position)
        self._hold(name, self._let_go(other))

    def _hold(self, name: str, strands: Iterable[str]) -> None:
        held = self._held.setdefault(name, [])
        for strand in strands:
            if strand not in held:
                held.append(strand)
                self._strands.setdefault(strand, []).append(name)

    def _let_go(self, name: str) -> list[str]:
        strands = self._held.pop(name)
        for strand in strands:
            self._strands[strand].remove(name)
            if not self._strands[strand]:
                del self._strands[strand]
        return strands
