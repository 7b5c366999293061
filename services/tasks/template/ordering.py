"""The order of prerequisites."""

from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter


def cycle_in(needs: Mapping[int, Sequence[int]]) -> tuple[int, ...]:
    """Return one circle of needs, each task followed by one that it needs, or nothing."""
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        circle: list[int] = error.args[1]
        return tuple(reversed(circle))
    return ()
