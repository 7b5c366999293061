"""A list of staff: who is posted where, and, where it carries it, who they are.

A person's id is random and stands in the list. None is made of a name or a number, since whoever knows these
could then find the person behind the id, and still could after the person was erased.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from pydantic import ValidationError

from shared.contracts.registry import Provenance
from shared.domain import Text
from shared.dossier.form import FIRST_YEAR, LAST_YEAR, PersonForm
from shared.dossier.lists.cells import in_ascii_digits
from shared.dossier.lists.forming import dumped, formed, stands_twice
from shared.dossier.lists.missions import provenance_of
from shared.dossier.lists.tables import Column, Table, read_table, repeated
from shared.dossier.personal import PersonalDetails
from shared.dossier.problems import Problem, problems_of

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
_STAND_INS = PersonForm(id="p-00000000", mission="-", category="-")
"""In place of what is wrong in a row, so that the rest of it can be judged; nobody looks for them."""

_DATES = ("born_on", "passport_expires_on")
_IN_DIGITS = (*_DATES, "national_number", "passport_number", "phone")
_NAMES = {"name_arabic", "name_latin"}
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class ListedPerson:
    """A posted person and their row; `personal` holds personal data, and is never shown.

    `wrong` names the columns of which the form holds nothing, since what the row tells there is wrong.
    """

    row: int
    form: PersonForm
    provenance: Provenance
    authority: str | None = None
    personal: dict[str, str] = field(default_factory=dict, repr=False)
    wrong: frozenset[str] = frozenset()


@dataclass(frozen=True)
class StaffList:
    """The people of a list, and what is wrong with it; `unsound` are the rows with something wrong.

    No problem repeats a personal value.
    """

    persons: tuple[ListedPerson, ...]
    problems: tuple[Problem, ...]
    unsound: tuple[ListedPerson, ...] = ()


def read_staff(
    raw: bytes, media_type: str, provenance: Provenance = Provenance.SOURCED, file: str = "staff"
) -> StaffList:
    """Read a list; `provenance` is that of rows that do not tell theirs."""
    table = read_table(raw, media_type, (*POSTING, *PERSONAL), file)
    every = [_person(table, row, values, provenance) for row, values in table.rows]
    ids = {listed.row: listed.form.id for listed in every if "id" not in listed.wrong}
    for row, first in repeated(ids.items()).items():
        stands_twice(table, row, ids[row], first)
    sound = tuple(listed for listed in every if not listed.wrong)
    unsound = tuple(listed for listed in every if listed.wrong)
    return StaffList(sound, tuple(table.problems), unsound)


def _person(table: Table, row: int, values: Mapping[str, str], usual: Provenance) -> ListedPerson:
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
    content = dumped(values, ("id", "mission", "category", "posted_on"))
    if "posted_on" in content:
        content["posted_on"] = in_ascii_digits(content["posted_on"])
    form, wrong = formed(table, row, content, _STAND_INS, {}, {})
    personal, wrong_personal = _personal(table, row, values)
    provenance = provenance_of(table, row, values.get("provenance"), usual)
    wrong |= wrong_personal | (frozenset() if provenance is not None else {"provenance"})
    return ListedPerson(row, form, provenance or usual, values.get("authority"), personal, wrong)


def _personal(table: Table, row: int, values: Mapping[str, str]) -> tuple[dict[str, str], frozenset[str]]:
    """Return personal data by field, empty where the row has none, and the columns that are wrong."""
    given = dumped(values, tuple(column.name for column in PERSONAL))
    if not given:
        return {}, frozenset()
    given |= {name: in_ascii_digits(given[name]) for name in _IN_DIGITS if name in given}
    wrong = {name for name in _DATES if name in given and not _is_day(given[name])}
    for name in _DATES:
        if name in wrong:
            table.wrong(
                row,
                name,
                Text(en="This is no date.", ar="هذا ليس تاريخًا."),
                Text(en="Write it as 2025-12-31.", ar="اكتبه هكذا: 2025-12-31."),
            )
    content = {name: value for name, value in given.items() if name not in wrong}
    try:
        PersonalDetails.model_validate(content)
    except ValidationError as error:
        spoilt = table.spoilt.get(row, set())
        for found in problems_of(error, table.file):
            column = found.path or "name_arabic"
            wrong.add(column)
            if column not in spoilt and (found.path or not spoilt & _NAMES):
                table.wrong(row, column, found.what, found.remedy)
    return {name: value for name, value in content.items() if name not in wrong}, frozenset(wrong)


def _is_day(text: str) -> bool:
    """Whether it is a day in range; told here, since the form would repeat the value."""
    try:
        return bool(_DAY.fullmatch(text)) and FIRST_YEAR <= date.fromisoformat(text).year <= LAST_YEAR
    except ValueError:
        return False
