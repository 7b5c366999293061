"""What a report consists of: sections of figures and tables. Each figure has a link to what it counts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from shared.contracts.text import Text


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, and the list of a service, as of a position, that has exactly so many rows.

    `key` is its own in the whole report; `before` is what it was at the moment with which a report compares.
    """

    key: str
    value: int
    link: str
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A text in both languages or a code in none, and a link to where it is from, if there is one."""

    text: Text | str
    link: str | None = None


Cell = Figure | Told


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under columns; what is counted in it stands in its figures."""

    columns: tuple[Text, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report: named figures, notes and tables."""

    key: str
    title: Text
    figures: tuple[tuple[Text, Figure], ...] = ()
    tables: tuple[Table, ...] = ()
    notes: tuple[Text, ...] = ()

    def every_figure(self) -> Iterator[Figure]:
        """Every figure in it, those in tables too."""
        yield from (figure for _, figure in self.figures)
        for table in self.tables:
            yield from (cell for row in table.rows for cell in row if isinstance(cell, Figure))

    def compared(self, before: Mapping[str, int]) -> "Section":
        """The section with what each figure was before: 0 where there was none of it."""

        def with_before(figure: Figure) -> Figure:
            return replace(figure, before=before.get(figure.key, 0))

        figures = tuple((label, with_before(figure)) for label, figure in self.figures)
        tables = tuple(
            replace(
                table,
                rows=tuple(
                    tuple(with_before(cell) if isinstance(cell, Figure) else cell for cell in row)
                    for row in table.rows
                ),
            )
            for table in self.tables
        )
        return replace(self, figures=figures, tables=tables)

    def told(self) -> dict[str, Any]:
        """The section as JSON."""
        return {
            "key": self.key,
            "title": self.title.model_dump(),
            "notes": [note.model_dump() for note in self.notes],
            "figures": [{"label": label.model_dump(), **_figure(figure)} for label, figure in self.figures],
            "tables": [
                {
                    "columns": [column.model_dump() for column in table.columns],
                    "rows": [[_cell(cell) for cell in row] for row in table.rows],
                }
                for table in self.tables
            ],
        }


def link_to(path: str, **query: str | int) -> str:
    """Write the link to a list; its path begins with the service, as where services stand side by side."""
    return f"{path}?{urlencode(query)}"


def _figure(figure: Figure) -> dict[str, Any]:
    told: dict[str, Any] = {"figure": figure.key, "value": figure.value, "link": figure.link}
    return told if figure.before is None else told | {"before": figure.before}


def _cell(cell: Cell) -> dict[str, Any]:
    if isinstance(cell, Figure):
        return _figure(cell)
    text = cell.text if isinstance(cell.text, str) else cell.text.model_dump()
    return {"text": text} if cell.link is None else {"text": text, "link": cell.link}
