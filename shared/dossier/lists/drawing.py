"""To draw random ids for the people of a list that has none; the list with its ids is then what is kept."""

from collections.abc import Callable, Iterator

from shared.domain import Text
from shared.dossier.lists.cells import BadCell, Cell
from shared.dossier.lists.csv_sheet import read_csv
from shared.dossier.lists.sheets import XLSX, SheetRow, UnreadableSheet
from shared.dossier.lists.staff import POSTING
from shared.dossier.lists.tables import Column, is_remark, plain_name, problem_at
from shared.dossier.lists.writing import write
from shared.dossier.lists.xlsx_sheet import read_xlsx
from shared.dossier.problems import Problem, refuse

ID = POSTING[0]


def with_ids(
    raw: bytes, media_type: str, file: str, written_as: str, draw: Callable[[], str]
) -> tuple[bytes, int]:
    """Return the list with an id in every row, and how many were drawn. All else stays as it is.

    Raises:
        DossierRefused: it cannot be read, or a cell holds no value.
    """
    try:
        rows = [row for row in (read_xlsx if media_type == XLSX else read_csv)(raw) if not is_remark(row)]
    except UnreadableSheet as error:
        why = Text(en=f"The file cannot be read: {error.why.en}.", ar=f"تعذرت قراءة الملف: {error.why.ar}.")
        refuse([problem_at(file, None, None, why, Text(en="Mend the file.", ar="أصلح الملف."))])
        raise
    refuse(problem for row in rows for problem in _bad_cells(row, file))
    texts = [[str(cell) for cell in cells] for _, cells in rows]
    head = texts[0] if texts else []
    names = {plain_name(name) for name in ID.names}
    place = next((index for index, name in enumerate(head) if plain_name(name) in names), None)
    if place is None:
        place, texts = 0, [[ID.name, *head], *(["", *cells] for cells in texts[1:])]
    drawn = 0
    for cells in texts[1:]:
        cells += [""] * (len(texts[0]) - len(cells))
        if not cells[place]:
            cells[place], drawn = draw(), drawn + 1
    columns = [Column(name, name) for name in _distinct(texts[0])]
    keyed = ({column.name: cell for column, cell in zip(columns, cells, strict=False)} for cells in texts[1:])
    return write(columns, keyed, written_as), drawn


def _bad_cells(row: SheetRow, file: str) -> Iterator[Problem]:
    number, cells = row
    bad: Iterator[Cell] = iter(cells)
    return (problem_at(file, number, None, c.what, c.remedy) for c in bad if isinstance(c, BadCell))


def _distinct(names: list[str]) -> list[str]:
    """Name columns that have no name, so that their cells are kept; `x-` has an import leave them out."""
    return [name or f"x-{number}" for number, name in enumerate(names, 1)]
