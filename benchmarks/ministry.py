"""A ministry of 10, 100 and 1,000 missions: work for each of them, questions about one and about all."""

from collections.abc import Mapping

from benchmarks.figures import Figure
from benchmarks.processes import told_by
from deploy.local.engines import Engines

SIZES = (10, 100, 1_000)

EACH = {
    "entered": "missions imported, their closing ordered, for each",
    "planned": "plans of 39 tasks drawn up, for each",
}
"""Work that a mission more makes more of: it may take so much for each, and no more."""

FLAT = {
    "why": "why one mission is not closed",
    "path": "the critical path of one plan",
    "matrix": "the matrix of departments and states",
}
"""Questions whose answers are of one size, however many missions there are."""


async def figures(_: Engines) -> list[Figure]:
    """Take the figures at every size, each on engines of its own; the ceiling is the smaller ministry."""
    small, middle, large = [await told_by("benchmarks.ministry_of", "--missions", number) for number in SIZES]
    return [
        *(_figure(f"{SIZES[2]:,} {told}", key, small, middle, large) for key, told in EACH.items()),
        *(
            _figure(f"{told}, of {SIZES[2]:,} missions", key, small, middle, large)
            for key, told in FLAT.items()
        ),
    ]


def _figure(
    told: str, key: str, small: Mapping[str, float], middle: Mapping[str, float], large: Mapping[str, float]
) -> Figure:
    others = f"of {SIZES[1]}: {middle[key]:.2f} ms; of {SIZES[0]}"
    return Figure(told, "ms", large[key], others, small[key], 2.0, 1.2)
