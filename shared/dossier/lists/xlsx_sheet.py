"""The first sheet of an XLSX file as rows. Nothing in it is carried out: a formula is a problem, not a value.

The file comes from strangers. It is a ZIP archive of XML: what it unpacks to is bounded before it is
unpacked, and XML is read by defusedxml, which takes no entities.
"""

from collections.abc import Iterator
from datetime import date, datetime
from importlib import import_module
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from shared.domain import Text
from shared.dossier.lists.cells import FORMULA, BadCell, Cell, judged
from shared.dossier.lists.sheets import (
    MOST_BYTES,
    MOST_COLUMNS,
    SheetRow,
    UnreadableSheet,
    check_limits,
    is_empty,
)

MOST_UNPACKED = 60_000_000
"""Bytes of all parts of the archive together. `zipfile` unpacks no part beyond the size it declares."""
MOST_PARTS = 500
LAST_ROW = 50_000
"""With empty rows between: a file can name a row far below with a few bytes, and is counted up to there."""


def read_xlsx(raw: bytes) -> Iterator[SheetRow]:
    """Read the rows of the first sheet that hold anything.

    Raises:
        UnreadableSheet: too large as it is or unpacked, or no such file.
    """
    _check_archive(raw)
    openpyxl: Any = import_module("openpyxl")
    if not openpyxl.DEFUSEDXML:
        raise UnreadableSheet("defusedxml is not installed here", "defusedxml غير مثبتة هنا")
    try:
        book = openpyxl.load_workbook(BytesIO(raw), read_only=True, keep_links=False)
        yield from _rows(book)
    except UnreadableSheet:
        raise
    except Exception as error:  # the library raises whatever a wrong file leads it to
        raise UnreadableSheet(
            f"it is no XLSX file, or is damaged ({type(error).__name__})",
            f"ليس ملف XLSX سليمًا ({type(error).__name__})",
        ) from error


def _check_archive(raw: bytes) -> None:
    if len(raw) > MOST_BYTES:
        raise UnreadableSheet(f"it is larger than {MOST_BYTES} bytes", f"حجمه يزيد على {MOST_BYTES} بايت")
    try:
        parts = ZipFile(BytesIO(raw)).infolist()
    except (BadZipFile, ValueError, OverflowError, NotImplementedError) as error:
        raise UnreadableSheet("it is no XLSX file", "ليس ملف XLSX") from error
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise UnreadableSheet(
            f"it unpacks to more than {MOST_UNPACKED} bytes or {MOST_PARTS} parts",
            f"يتجاوز بعد فك الضغط {MOST_UNPACKED} بايت أو {MOST_PARTS} جزءًا",
        )
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableSheet("it is encrypted", "الملف مشفّر")


def _rows(book: Any) -> Iterator[SheetRow]:
    held = 0
    for number, row in enumerate(book.worksheets[0].iter_rows(max_col=MOST_COLUMNS + 1), 1):
        if number > LAST_ROW:
            raise UnreadableSheet(f"it names a row beyond {LAST_ROW}", f"فيه صف بعد {LAST_ROW}")
        if all(cell.value is None for cell in row):
            continue
        cells = [_cell(cell) for cell in row]
        while cells and cells[-1] == "":
            cells.pop()
        if not is_empty(cells):
            held += 1
            check_limits(number, cells, held)
            yield number, cells


def _cell(cell: Any) -> Cell:
    value, kind = cell.value, cell.data_type
    if value is None:
        return ""
    if kind == "f":
        return FORMULA
    if kind == "e":
        return BadCell(
            Text(en=f"The cell holds the error {value}.", ar=f"في الخانة خطأ {value}."),
            Text(en="Write the value itself.", ar="اكتب القيمة نفسها."),
        )
    return _value(value)


def _value(value: Any) -> Cell:
    match value:
        case str():
            return judged(value)
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        case datetime() if (value.hour, value.minute, value.second) == (0, 0, 0):
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case _:
            return BadCell(
                Text(en="The cell holds a time of day or a duration.", ar="في الخانة وقت أو مدة."),
                Text(en="Write a date, a number or a text.", ar="اكتب تاريخًا أو رقمًا أو نصًا."),
            )
