"""From the values of a row to a form, with what the form refuses told by column."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from shared.domain import Text
from shared.dossier.form import Form
from shared.dossier.lists.tables import Table
from shared.dossier.problems import problems_of

F = TypeVar("F", bound=Form)
Place = Callable[[str], str]
"""From a path in a form to the column that it comes from."""


def formed(table: Table, row: int, kind: type[F], content: Mapping[str, Any], place: Place) -> F | None:
    """Make a form of a row; note what it refuses, but for cells that are spoilt, and return None then."""
    try:
        made = kind.model_validate(content)
        return None if row in table.spoilt else made
    except ValidationError as error:
        for found in problems_of(error, table.file):
            column = place(found.path)
            if column not in table.missing and column not in table.spoilt.get(row, ()):
                table.wrong(row, column, found.what, found.remedy)
        return None


def stands_twice(table: Table, row: int, id: str, first: int) -> None:
    """Note an id that stood in an earlier row."""
    table.wrong(
        row,
        "id",
        Text(en=f"{id} stands in row {first} already.", ar=f"{id} مذكور في الصف {first}."),
        Text(en="Keep one row, or give another id.", ar="أبقِ صفًا واحدًا، أو ضع معرفًا آخر."),
    )


def dumped(row: Mapping[str, str], names: tuple[str, ...]) -> dict[str, str]:
    """Return the values of those columns that a row has any in."""
    return {name: row[name] for name in names if name in row}
