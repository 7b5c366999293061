"""What the readers of both formats have in common: numbered rows, limits, and what cannot be read."""

from shared.domain import Text
from shared.dossier.lists.cells import Cell

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

MOST_BYTES = 4_000_000
"""Of a file."""
MOST_ROWS = 10_000
"""That hold anything."""
MOST_COLUMNS = 60

SheetRow = tuple[int, list[Cell]]
"""The number of a row as a spreadsheet shows it, from 1, and its cells."""


class UnreadableSheet(Exception):
    """The file as a whole cannot be read; `why` completes "The file cannot be read: ..."."""

    def __init__(self, en: str, ar: str) -> None:
        self.why = Text(en=en, ar=ar)
        super().__init__(en)


def check_limits(row: int, cells: list[Cell], held: int) -> None:
    """Refuse a row too many, or a row that is too wide. Raises UnreadableSheet."""
    if held > MOST_ROWS:
        raise UnreadableSheet(f"it has more than {MOST_ROWS} rows", f"عدد الصفوف يزيد على {MOST_ROWS}")
    if len(cells) > MOST_COLUMNS:
        raise UnreadableSheet(
            f"row {row} has more than {MOST_COLUMNS} columns", f"أعمدة الصف {row} تزيد على {MOST_COLUMNS}"
        )


def is_empty(cells: list[Cell]) -> bool:
    """Whether nothing stands in a row."""
    return all(cell == "" for cell in cells)
