"""The table of figures, on the screen and in RESULTS.md."""

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime

from rich.table import Table

from benchmarks.figures import Figure
from benchmarks.slowest import section

HEADINGS = ("Figure", "Measured", "Ceiling in the same run", "Ratio", "At least", "Aim", "Met")
SECOND = 1_000.0
"""Milliseconds from which on a duration is shown in seconds."""
MET = {"aim": "aim", "least": "at least", "below": "**no**"}


def rows(figures: Sequence[Figure]) -> list[tuple[str, ...]]:
    """Render figures as the cells of a table."""
    return [
        (
            figure.name,
            _amount(figure.value, figure.unit),
            f"{figure.ceiling_name}: {_amount(figure.ceiling, figure.unit)}",
            f"{figure.ratio:.2f} ×",
            f"{_bound(figure)}{figure.least:g} ×",
            f"{_bound(figure)}{figure.aim:g} ×",
            MET[figure.verdict],
        )
        for figure in figures
    ]


def table(figures: Sequence[Figure]) -> Table:
    """Build the table for the screen."""
    shown = Table(*HEADINGS)
    for row in rows(figures):
        shown.add_row(*(cell.replace("**", "") for cell in row))
    return shown


def document(figures: Sequence[Figure], notes: Sequence[str]) -> str:
    """Render RESULTS.md."""
    lines = [
        "# Results",
        "",
        f"`make bench`, {datetime.now(UTC):%d %B %Y}, on {_machine()}. Ceiling and subject were measured by",
        "turns; these are the medians. PostgreSQL runs with `fsync` and `synchronous_commit` on, NATS",
        "syncs once a second; both, the load and what is measured share the machine.",
        "",
        _line(HEADINGS),
        _line(["---"] * len(HEADINGS)),
        *(_line(row) for row in rows(figures)),
        "",
        *notes,
        "",
        *section(figures),
    ]
    return "\n".join(lines) + "\n"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _amount(value: float, unit: str) -> str:
    if unit == "ms":
        return f"{value:.2f} ms" if value < SECOND else f"{value / SECOND:.1f} s"
    return f"{value:,.0f}{unit}"


def _bound(figure: Figure) -> str:
    return "≤ " if figure.smaller_is_better else ""


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GiB of memory, Python {platform.python_version()}"
