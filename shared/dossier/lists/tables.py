"""A sheet under its columns: the first row that is no remark names them, in English or Arabic."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from shared.domain import Text
from shared.dossier.lists.cells import BadCell
from shared.dossier.lists.csv_sheet import read_csv
from shared.dossier.lists.sheets import XLSX, SheetRow, UnreadableSheet
from shared.dossier.lists.xlsx_sheet import read_xlsx
from shared.dossier.problems import Problem

LEFT_OUT = "x-"
"""A column whose name begins so is for its readers; nothing is taken from it."""


@dataclass(frozen=True)
class Column:
    """A column: its name, its Arabic name, and what else it may be called."""

    name: str
    arabic: str
    also: tuple[str, ...] = ()
    required: bool = False
    ignored: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that it may be called."""
        return (self.name, self.arabic, *self.also)


@dataclass
class Table:
    """The rows by number with their values by column (those that are not empty), and what is wrong.

    `missing` names required columns that are not there; `spoilt`, by row, the columns of the cells that hold
    no value that can be taken.
    """

    file: str
    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    columns: frozenset[str] = frozenset()
    problems: list[Problem] = field(default_factory=list)
    spoilt: dict[int, set[str]] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)

    def wrong(self, row: int | None, column: str | None, what: Text, remedy: Text) -> None:
        """Note a problem."""
        self.problems.append(problem_at(self.file, row, column, what, remedy))

    def spoil(self, row: int, column: str, what: Text, remedy: Text) -> None:
        """Note a problem of a cell whose value nothing further is told of."""
        self.wrong(row, column, what, remedy)
        self.spoilt.setdefault(row, set()).add(column)


def problem_at(file: str, row: int | None, column: str | None, what: Text, remedy: Text) -> Problem:
    """Tell what is wrong in a row and a column; either may be left out."""
    path = " ".join(part for part in (f"row {row}" if row else "", column or "") if part)
    return Problem(file=file, path=path, row=row, column=column, what=what, remedy=remedy)


def read_table(raw: bytes, media_type: str, columns: Sequence[Column], file: str) -> Table:
    """Read a list; whatever is wrong with it stands in the table's problems."""
    table = Table(file)
    try:
        rows = list(read_xlsx(raw) if media_type == XLSX else read_csv(raw))
    except UnreadableSheet as error:
        why = Text(en=f"The file cannot be read: {error.why.en}.", ar=f"تعذرت قراءة الملف: {error.why.ar}.")
        table.wrong(None, None, why, Text(en="Mend the file.", ar="أصلح الملف."))
        return table
    rows = [row for row in rows if not is_remark(row)]
    if not rows:
        table.wrong(
            None,
            None,
            Text(en="The list is empty.", ar="القائمة فارغة."),
            Text(en="Begin with a row that names the columns.", ar="ابدأ بصف يسمي الأعمدة."),
        )
        return table
    header = _header(table, rows[0], columns)
    for row in rows[1:]:
        _take(table, row, header)
    return table


def is_remark(row: SheetRow) -> bool:
    """Whether a row is a remark of whoever made the list."""
    first = row[1][0]
    return isinstance(first, str) and first.startswith("#")


def _header(table: Table, row: SheetRow, columns: Sequence[Column]) -> list[Column | None]:
    number, cells = row
    known = {plain_name(name): column for column in columns for name in column.names}
    header: list[Column | None] = []
    for cell in cells:
        name = "" if isinstance(cell, BadCell) else cell
        column = known.get(plain_name(name))
        if isinstance(cell, BadCell):
            table.wrong(number, None, cell.what, cell.remedy)
        elif column is None and name and not plain_name(name).startswith(LEFT_OUT):
            table.wrong(
                number,
                name,
                Text(en=f"There is no column {name}.", ar=f"لا يوجد عمود باسم {name}."),
                Text(
                    en=f"Correct its name, or begin it with {LEFT_OUT} to have it left out.",
                    ar=f"صحح اسمه، أو ابدأه بـ {LEFT_OUT} ليُترك.",
                ),
            )
        elif column is not None and column in header:
            table.wrong(
                number,
                column.name,
                Text(en=f"The column {column.name} stands twice.", ar=f"العمود {column.arabic} مكرر."),
                Text(en="Keep one.", ar="أبقِ واحدًا."),
            )
        header.append(column)
    for column in columns:
        if column.required and column not in header:
            table.missing.add(column.name)
            table.wrong(
                number,
                column.name,
                Text(en=f"The column {column.name} is missing.", ar=f"العمود {column.arabic} مفقود."),
                Text(en="Add it.", ar="أضفه."),
            )
    table.columns = frozenset(column.name for column in header if column is not None)
    return header


def _take(table: Table, row: SheetRow, header: Sequence[Column | None]) -> None:
    number, cells = row
    values: dict[str, str] = {}
    for index, cell in enumerate(cells):
        column = header[index] if index < len(header) else None
        if index >= len(header) and cell != "":
            _beyond(table, number, index)
        elif column is None or column.ignored:
            continue
        elif isinstance(cell, BadCell):
            table.spoil(number, column.name, cell.what, cell.remedy)
        elif cell:
            values[column.name] = cell
    table.rows.append((number, values))


def _beyond(table: Table, row: int, index: int) -> None:
    """Note a cell beyond the last named column: most often a separator in a text without quotes."""
    table.wrong(
        row,
        None,
        Text(
            en=f"Cell {index + 1} has no column above it.",
            ar=f"الخانة {index + 1} ليس فوقها اسم عمود.",
        ),
        Text(en="Put texts with a separator in quotes.", ar="ضع النص الذي فيه فاصل بين علامتي اقتباس."),
    )


def plain_name(name: str) -> str:
    """Names are the same however they are spaced, cased, or drawn out."""
    folded = unicodedata.normalize("NFKC", name).replace("ـ", "").casefold()
    return "_".join(folded.replace("_", " ").split())


def repeated(ids: Iterable[tuple[int, str]]) -> Mapping[int, int]:
    """Return the rows whose id stood in an earlier row, with that row."""
    first: dict[str, int] = {}
    return {row: first[id] for row, id in ids if first.setdefault(id, row) != row}
