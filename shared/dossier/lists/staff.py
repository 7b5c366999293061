"""A list of staff: who is posted where, and, where it carries it, who they are.

A person's id is random and stands in the list. None is made of a name or a number, since whoever knows these
could then find the person behind the id, and still could after the person was erased.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from shared.contracts.registry import Provenance
from shared.domain import Text
from shared.dossier.form import FIRST_YEAR, LAST_YEAR, PersonForm
from shared.dossier.lists.cells import in_ascii_digits
from shared.dossier.lists.forming import dumped, formed, stands_twice
from shared.dossier.lists.missions import provenance_of
from shared.dossier.lists.tables import Column, Table, read_table, repeated
from shared.dossier.personal import PersonalDetails
from shared.dossier.problems import Problem

POSTING = (
    Column("id", "المعرف", required=True),
    Column("mission", "البعثة", required=True),
    Column("category", "الفئة", required=True),
    Column("authority", "الجهة المختصة"),
    Column("posted_on", "تاريخ الإيفاد"),
    Column("provenance", "مصدر المعلومة"),
)
PERSONAL = (
    Column("name_arabic", "الاسم بالعربية", ("الاسم",)),
    Column("name_latin", "الاسم باللاتينية"),
    Column("born_on", "تاريخ الميلاد"),
    Column("national_number", "الرقم الوطني"),
    Column("passport_number", "رقم جواز السفر"),
    Column("passport_expires_on", "تاريخ انتهاء جواز السفر"),
    Column("email", "البريد الإلكتروني"),
    Column("phone", "الهاتف"),
)
_DATES = ("born_on", "passport_expires_on")
_IN_DIGITS = (*_DATES, "national_number", "passport_number", "phone")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class ListedPerson:
    """A posted person and their row; `personal` holds personal data, and is never shown."""

    row: int
    form: PersonForm
    provenance: Provenance
    authority: str | None = None
    personal: dict[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class StaffList:
    """The people of a list, and what is wrong with it. No problem repeats a personal value."""

    persons: tuple[ListedPerson, ...]
    problems: tuple[Problem, ...]


def read_staff(
    raw: bytes, media_type: str, provenance: Provenance = Provenance.SOURCED, file: str = "staff"
) -> StaffList:
    """Read a list; `provenance` is that of rows that do not tell theirs."""
    table = read_table(raw, media_type, (*POSTING, *PERSONAL), file)
    persons = [listed for row, values in table.rows if (listed := _person(table, row, values, provenance))]
    ids = {listed.row: listed.form.id for listed in persons}
    for row, first in repeated(ids.items()).items():
        stands_twice(table, row, ids[row], first)
    return StaffList(tuple(persons), tuple(table.problems))


def _person(table: Table, row: int, values: Mapping[str, str], usual: Provenance) -> ListedPerson | None:
    if "id" in table.columns and "id" not in values and "id" not in table.spoilt.get(row, ()):
        table.spoil(
            row,
            "id",
            Text(en="The person has no id.", ar="ليس للشخص معرف."),
            Text(
                en="Draw one for each (`tanfidh draw-ids`), and keep it in your list.",
                ar="اسحب معرفًا لكل شخص (`tanfidh draw-ids`) واحفظه في قائمتك.",
            ),
        )
    form = formed(
        table,
        row,
        PersonForm,
        dumped(dict(values), ("id", "mission", "category", "posted_on")),
        lambda path: path,
    )
    personal = _personal(table, row, values)
    provenance = provenance_of(table, row, values.get("provenance"), usual)
    if form is None or provenance is None or personal is None:
        return None
    return ListedPerson(row, form, provenance, values.get("authority"), personal)


def _personal(table: Table, row: int, values: Mapping[str, str]) -> dict[str, str] | None:
    """Return personal data by field, empty where the row has none; None where something is wrong with it."""
    given = dumped(dict(values), tuple(column.name for column in PERSONAL))
    if not given:
        return {}
    given |= {name: in_ascii_digits(given[name]) for name in _IN_DIGITS if name in given}
    wrong = [name for name in _DATES if name in given and not _is_day(given[name])]
    for name in wrong:
        table.wrong(
            row,
            name,
            Text(en="This is no date.", ar="هذا ليس تاريخًا."),
            Text(en="Write it as 2025-12-31.", ar="اكتبه هكذا: 2025-12-31."),
        )
    content = {name: value for name, value in given.items() if name not in wrong}
    form = formed(table, row, PersonalDetails, content, lambda path: path or "name_arabic")
    return None if form is None or wrong else form.details()


def _is_day(text: str) -> bool:
    """Whether it is a day in range; told here, since the form would repeat the value."""
    try:
        return bool(_DAY.fullmatch(text)) and FIRST_YEAR <= date.fromisoformat(text).year <= LAST_YEAR
    except ValueError:
        return False
