"""From the values of a row to a form, with what the form refuses told by column."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from shared.domain import Text
from shared.dossier.form import Form
from shared.dossier.lists.tables import Table
from shared.dossier.problems import problems_of

F = TypeVar("F", bound=Form)
Sources = Mapping[str, frozenset[str]]
"""Of a field that a row does not tell itself, those that it is made of."""


def formed(
    table: Table,
    row: int,
    content: Mapping[str, Any],
    stand_ins: F,
    fields: Mapping[str, str],
    derived: Sources,
) -> tuple[F, frozenset[str]]:
    """Make a form of a row, and name the fields that are wrong, which have the values of `stand_ins` then.

    Notes what the form refuses, but for cells that are spoilt, for columns that are not there, and for what
    is `derived` from fields of which one is wrong: of those it is told already. `fields` names the field of
    each column that has another name.
    """
    spoilt = {fields.get(column, column) for column in table.spoilt.get(row, ())}
    wrong = set(spoilt)
    try:
        made = type(stand_ins).model_validate(content)
    except ValidationError as error:
        found = [(problem.path.partition(".")[0], problem) for problem in problems_of(error, table.file)]
        wrong |= {field for field, _ in found}
        for field, problem in found:
            column = next((column for column, of in fields.items() if of == field), field)
            told = field in spoilt or column in table.missing or derived.get(field, frozenset()) & wrong
            if not told:
                table.wrong(row, column, problem.what, problem.remedy)
        sound = {field: value for field, value in content.items() if field not in wrong}
        made = type(stand_ins).model_validate(stand_ins.model_dump() | sound)
    wrong |= {field for field, sources in derived.items() if sources & wrong}
    return made, frozenset(wrong)


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
