"""A CSV file as rows: UTF-8 or UTF-16 with its mark, comma, semicolon or tab, quotes as in RFC 4180."""

import csv
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from io import StringIO

from shared.dossier.lists.cells import TAKEN_FOR_FORMULA, Cell, is_formula, judged, trimmed
from shared.dossier.lists.sheets import MOST_BYTES, SheetRow, UnreadableSheet, check_limits, is_empty

SEPARATORS = (",", ";", "\t")


def read_csv(raw: bytes) -> Iterator[SheetRow]:
    """Read the rows that hold anything.

    Raises:
        UnreadableSheet: too large, not text, or broken quotes.
    """
    text = _decoded(raw)
    reader = csv.reader(StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    held = 0
    row = 0
    try:
        for row, values in enumerate(reader, 1):
            cells = [_cell(value) for value in values]
            while cells and cells[-1] == "":
                cells.pop()
            if not is_empty(cells):
                held += 1
                check_limits(row, cells, held)
                yield row, cells
    except csv.Error as error:
        raise UnreadableSheet(f"after row {row}: {error}", f"بعد الصف {row}: {error}") from error


def _cell(value: str) -> Cell:
    return TAKEN_FOR_FORMULA if is_formula(value) else judged(value)


def _decoded(raw: bytes) -> str:
    if len(raw) > MOST_BYTES:
        raise UnreadableSheet(f"it is larger than {MOST_BYTES} bytes", f"حجمه يزيد على {MOST_BYTES} بايت")
    wide = raw.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    try:
        text = raw.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableSheet(
            f"it is not UTF-8 at byte {error.start}", f"ليس بترميز UTF-8 عند البايت {error.start}"
        ) from error
    if "\0" in text:
        raise UnreadableSheet("it holds the character NUL", "يحتوي على المحرف NUL")
    return text


def _separator(text: str) -> str:
    """Find the separator of the first line that is no remark; names of columns hold none of them."""
    head = next(
        (line for line in text.splitlines() if trimmed(line) and not trimmed(line).startswith("#")), ""
    )
    return max(SEPARATORS, key=head.count)
