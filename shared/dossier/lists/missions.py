"""A list of missions: its columns, and how a row becomes a mission."""

import re
import unicodedata
from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Any

from shared.contracts.registry import Confidence, MissionKind, Provenance
from shared.domain import Text
from shared.dossier.form import MissionForm
from shared.dossier.lists.cells import in_ascii_digits
from shared.dossier.lists.forming import formed, stands_twice
from shared.dossier.lists.tables import Column, Table, read_table, repeated
from shared.dossier.problems import Problem

COLUMNS = (
    Column("id", "المعرف"),
    Column("kind", "نوع البعثة", ("type",), required=True),
    Column("name_en", "الاسم بالإنجليزية"),
    Column("name_ar", "الاسم بالعربية", ("الاسم",)),
    Column("host", "الدولة المضيفة", ("iso2",), required=True),
    Column("country", "اسم الدولة", ignored=True),
    Column("city_en", "المدينة بالإنجليزية", ("city",)),
    Column("city_ar", "المدينة بالعربية", ("المدينة",)),
    Column("accreditations", "الاعتمادات"),
    Column("posts", "الملاك الوظيفي"),
    Column("state", "الحالة"),
    Column("confidence", "درجة الثقة", ("conf",), required=True),
    Column("provenance", "مصدر المعلومة"),
)

KINDS = {
    MissionKind.EMBASSY: ("emb", Text(en="Embassy", ar="سفارة")),
    MissionKind.PERMANENT_MISSION: ("pm", Text(en="Permanent mission", ar="بعثة دائمة")),
    MissionKind.CONSULATE_GENERAL: ("cg", Text(en="Consulate general", ar="قنصلية عامة")),
    MissionKind.CONSULATE: ("con", Text(en="Consulate", ar="قنصلية")),
    MissionKind.LIAISON_OFFICE: ("lo", Text(en="Liaison office", ar="مكتب اتصال")),
    MissionKind.ATTACHE_OFFICE: ("att", Text(en="Attaché office", ar="ملحقية")),
}
"""Of each kind what an id begins with where the list gives none, and what it is called."""

_KIND_NAMES = {name.ar: kind.value for kind, (_, name) in KINDS.items()}
_CONFIDENCES = {"H": Confidence.CONFIDENT, "M": Confidence.LIKELY, "L": Confidence.UNCERTAIN}
PLANNED, OVER = "planned", ("closed", "settled", "archived")
STATES = (PLANNED, "open", "closing", *OVER)
"""States that a mission may be listed in. A decree makes one closing; one that is `OVER` is never entered."""

_FIELDS = {"name_en": "name", "name_ar": "name", "city_en": "city", "city_ar": "city", "state": "planned"}
"""The part of a mission that a column is of, where it is called otherwise."""

_STAND_INS = MissionForm(
    id="-",
    kind=MissionKind.EMBASSY,
    name=Text(en="-"),
    host="VA",
    city=Text(en="-"),
    confidence=Confidence.UNKNOWN,
)
"""In place of what is wrong in a row, so that the rest of it can be judged; compared with nothing."""


@dataclass(frozen=True)
class ListedMission:
    """A mission and its row. `listed_as` is the state that the list tells, empty where it tells none.

    `wrong` names the parts of the form that hold nothing of the row, since what that tells is wrong.
    """

    row: int
    form: MissionForm
    provenance: Provenance
    listed_as: str = ""
    wrong: frozenset[str] = frozenset()


@dataclass(frozen=True)
class MissionList:
    """The missions of a list, and what is wrong with it; `unsound` are the rows with something wrong."""

    missions: tuple[ListedMission, ...]
    problems: tuple[Problem, ...]
    unsound: tuple[ListedMission, ...] = ()


def read_missions(
    raw: bytes, media_type: str, provenance: Provenance = Provenance.SOURCED, file: str = "missions"
) -> MissionList:
    """Read a list; `provenance` is that of rows that do not tell theirs."""
    table = read_table(raw, media_type, COLUMNS, file)
    every = [_mission(table, row, values, provenance) for row, values in table.rows]
    ids = {listed.row: listed.form.id for listed in every if "id" not in listed.wrong}
    for row, first in repeated(ids.items()).items():
        stands_twice(table, row, ids[row], first)
    sound = tuple(listed for listed in every if not listed.wrong)
    unsound = tuple(listed for listed in every if listed.wrong)
    return MissionList(sound, tuple(table.problems), unsound)


def _mission(table: Table, row: int, values: Mapping[str, str], usual: Provenance) -> ListedMission:
    kind = _KIND_NAMES.get(values.get("kind", ""), values.get("kind", "").lower())
    derived = _derived(kind, values, table.spoilt.get(row, set()))
    content: dict[str, Any] = {
        "id": _id(kind, values) if "id" in derived else values.get("id"),
        "kind": kind,
        "name": _named(kind, values) if "name" in derived else _text(values, "name"),
        "city": _text(values, "city"),
        "host": values.get("host"),
        "confidence": _CONFIDENCES.get(values.get("confidence", ""), values.get("confidence")),
        "accreditations": [code for code in re.split(r"[\s,;|]+", values.get("accreditations", "")) if code],
        "planned": values.get("state") == PLANNED,
    }
    content = {name: value for name, value in content.items() if value not in (None, "")}
    if "posts" in values:
        content["posts"] = in_ascii_digits(values["posts"])
    form, wrong = formed(table, row, content, _STAND_INS, _FIELDS, derived)
    provenance = provenance_of(table, row, values.get("provenance"), usual)
    state = values.get("state", "")
    wrong |= frozenset() if _is_state(table, row, state) else {"planned"}
    wrong |= frozenset() if provenance is not None else {"provenance"}
    return ListedMission(row, form, provenance or usual, state, wrong)


def _derived(kind: str, values: Mapping[str, str], spoilt: Set[str]) -> dict[str, frozenset[str]]:
    """Tell which parts the row leaves to others: of which its id and its name are made."""
    told = values.keys() | spoilt
    of_id = {"kind", "host"} if kind == MissionKind.EMBASSY else {"kind", "host", "city"}
    sources = {
        "id": None if "id" in told else of_id,
        "name": None if told & {"name_en", "name_ar"} else {"kind", "city"},
    }
    return {part: frozenset(made_of) for part, made_of in sources.items() if made_of is not None}


def _is_state(table: Table, row: int, state: str) -> bool:
    if state in ("", *STATES):
        return True
    table.wrong(
        row,
        "state",
        Text(en=f"{state} is no state of a mission.", ar=f"{state} ليست حالة من حالات البعثة."),
        Text(en=f"Write one of: {', '.join(STATES)}.", ar=f"اكتب واحدة من: {', '.join(STATES)}."),
    )
    return False


def _text(values: Mapping[str, str], name: str) -> dict[str, str] | None:
    parts = {
        language: values[f"{name}_{language}"] for language in ("en", "ar") if f"{name}_{language}" in values
    }
    return parts or None


def _named(kind: str, values: Mapping[str, str]) -> dict[str, str] | None:
    """Name a mission by kind and city where the list gives it no name."""
    found = next((name for known, (_, name) in KINDS.items() if known == kind), None)
    if found is None:
        return None
    joined = {"en": f"{found.en} in {values.get('city_en')}", "ar": f"{found.ar} {values.get('city_ar')}"}
    return {language: joined[language] for language in joined if f"city_{language}" in values} or None


def _id(kind: str, values: Mapping[str, str]) -> str | None:
    """Make an id of kind and place where the list gives none: ``emb-va``, ``cg-eg-alexandria``.

    A mission is no person: whoever reads the id may know it, and the same row always gets the same.
    """
    prefix = next((short for known, (short, _) in KINDS.items() if known == kind), None)
    host = values.get("host", "").lower()
    if prefix is None or not re.fullmatch("[a-z]{2}", host):
        return None  # its kind or its host is told as wrong
    if kind == MissionKind.EMBASSY:
        return f"{prefix}-{host}"
    city = unicodedata.normalize("NFKD", values.get("city_en", "")).encode("ascii", "ignore").decode()
    slug = re.sub("[^a-z0-9]+", "-", city.lower()).strip("-")
    return f"{prefix}-{host}-{slug}"[:64] if slug else None


def provenance_of(table: Table, row: int, told: str | None, usual: Provenance) -> Provenance | None:
    """Read where a row comes from; note what is no provenance."""
    if told is None:
        return usual
    if told in tuple(Provenance):
        return Provenance(told)
    known = ", ".join(Provenance)
    table.wrong(
        row,
        "provenance",
        Text(en=f"{told} is no provenance.", ar=f"{told} ليس مصدر معلومة معروفًا."),
        Text(en=f"Write one of: {known}.", ar=f"اكتب واحدًا من: {known}."),
    )
    return None
