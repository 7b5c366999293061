"""Lists as files that spreadsheets open: CSV and XLSX, in which nothing can be taken for a formula."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from io import BytesIO, StringIO
from typing import Any

from shared.dossier.lists.cells import escaped, trimmed
from shared.dossier.lists.sheets import XLSX
from shared.dossier.lists.tables import Column

Values = Mapping[str, str]
"""The values of a row by column; a column that it has none for stays empty."""


def write(
    columns: Sequence[Column], rows: Iterable[Values], media_type: str, arabic_names: bool = False
) -> bytes:
    """Write a list that `read_table` reads back; the first row names the columns in English or Arabic."""
    head = [column.arabic if arabic_names else column.name for column in columns]
    body = ([_clean(row.get(column.name, "")) for column in columns] for row in rows)
    return _xlsx(head, body, arabic_names) if media_type == XLSX else _csv(head, body)


def _clean(text: str) -> str:
    """Trim, leave out control characters, which neither format takes, and guard against formulas."""
    kept = "".join(sign for sign in text if sign in "\n\t" or ord(sign) >= 32)
    return escaped(trimmed(kept))


def _csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    output = StringIO(newline="")
    writer = csv.writer(output, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows(rows)
    return output.getvalue().encode("utf-8-sig")  # without its mark a spreadsheet takes UTF-8 for another


def _xlsx(head: Sequence[str], rows: Iterable[Sequence[str]], right_to_left: bool) -> bytes:
    openpyxl: Any = import_module("openpyxl")
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.sheet_view.rightToLeft = right_to_left
    sheet.append(list(head))
    for row in rows:
        sheet.append([value or None for value in row])
    output = BytesIO()
    book.save(output)
    return output.getvalue()
