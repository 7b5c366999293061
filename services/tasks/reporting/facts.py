"""What is known of a decree as of one position of each log: rows of the registry, counts and rows of ours."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]
Counts = Mapping[tuple[str, ...], int]


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that a report of one decree is made from; `registry` and `tasks` are the positions.

    `receivers` are the missions into which others are merged, by id.
    `counts` are those of this service's views, by name; a key has the values of the facets counted by.
    """

    registry: int
    tasks: int
    decree: Row
    departments: Mapping[str, Row]
    measures: tuple[Row, ...]
    missions: tuple[Row, ...]
    receivers: Mapping[str, Row]
    counts: Mapping[str, Counts]
    holds: tuple[Row, ...]
    indicators: tuple[Row, ...]
    decisions: tuple[Row, ...]

    def count(self, name: str, *values: str) -> int:
        """How many rows a count has for these values."""
        return self.counts[name].get(values, 0)


def tally(rows: Iterable[Row], facet: str) -> dict[str, int]:
    """Count rows by a field that is a facet of their view."""
    return dict(Counter(str(row[facet]) for row in rows))


COUNTED: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "tasks": ("tasks", ("department", "state")),
    "deadlines": ("deadlines", ("state",)),
    "missed": ("deadlines", ("missed",)),
    "met": ("deadlines", ("state", "missed")),
    "plain": ("deadlines", ("missed_plainly",)),
    "qualified": ("deadlines", ("qualified",)),
    "taken-away": ("deadlines", ("taken_away",)),
    "extensions": ("extensions", ("state",)),
    "outcomes": ("outcomes", ("outcome",)),
    "holds": ("holds", ("state",)),
    "meetings": ("meetings", ("state",)),
    "decisions": ("decisions", ("state",)),
    "indicators": ("indicators", ("state",)),
}
"""What is counted of this service: by name, the view, and the facets by which."""
