"""The form of a dossier: what may stand in it, and what each value must look like.

`unknown` stands where no source tells; it becomes None here, and must be written out where a field
is required, so that nothing is unknown by oversight.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticKnownError

from shared.calendar import Roll
from shared.contracts.country import Country
from shared.contracts.identity import Token
from shared.contracts.registry import (
    Confidence,
    Feasibility,
    MeasureKind,
    MissionKind,
    Provenance,
    Sides,
    Target,
)
from shared.contracts.text import Text, WrongValue

FIRST_YEAR, LAST_YEAR = 1900, 2200
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _known(value: Any) -> Any:
    return None if value == "unknown" else value


def _known_day(value: Any) -> Any:
    """Read a day here: what a validator has seen is no JSON any more, in which a strict reader takes text.

    A number is refused, since a lax reader would take it for a moment.
    """
    if value is None or value == "unknown":
        return None
    if isinstance(value, str) and _DAY.fullmatch(value):
        return date.fromisoformat(value)
    if type(value) is date:
        return value
    raise WrongValue(
        en=f"{value!r} is not a day, such as 2025-04-30, nor `unknown`",
        ar=f"{value!r} ليس تاريخًا مثل 2025-04-30 ولا unknown",
    )


def _written_day(value: Any) -> Any:
    """Read a day as it is written here and no other way: seconds since 1970 would else be taken for one."""
    if type(value) is date:
        return value
    if not isinstance(value, str):
        raise PydanticKnownError("date_type")
    if not _DAY.fullmatch(value):
        raise PydanticKnownError("date_parsing", {"error": "a day is written as 2025-04-30"})
    try:
        return date.fromisoformat(value)
    except ValueError as reason:
        raise PydanticKnownError("date_parsing", {"error": str(reason)}) from None


def _in_range(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise WrongValue(
            en=f"{day} is not in the years {FIRST_YEAR} to {LAST_YEAR}",
            ar=f"{day} خارج السنوات من {FIRST_YEAR} إلى {LAST_YEAR}",
        )
    return day


Day = Annotated[date, BeforeValidator(_written_day), AfterValidator(_in_range)]
TokenOrUnknown = Annotated[Token | None, BeforeValidator(_known)]
DayOrUnknown = Annotated[
    Day | None, BeforeValidator(_known_day, json_schema_input_type=date | Literal["unknown"] | None)
]
Phrase = Annotated[str, Field(min_length=1, max_length=200)]


STAFF_PATTERN = r"^p-[0-9a-f]{8,32}$"
"""Of the id of a person: random, so that it can neither tell nor be taken for a name."""


class Form(BaseModel):
    """A part of a dossier; a field that it does not know is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class RowForm(Form):
    """A row of the table of an article."""

    row: int = Field(ge=1, le=999)
    kind: MeasureKind
    mission: TokenOrUnknown
    receiver: TokenOrUnknown = None
    target: Target | None = None
    feasibility: Feasibility = Feasibility.NOT_ASSESSED
    confidence: Confidence
    note: Text | None = None


class ArticleForm(Form):
    """An article, and the rows of its table where it has one."""

    article: Token
    text: Text
    rows: tuple[RowForm, ...] = Field(default=(), max_length=999)


class ObjectiveForm(Form):
    """What the decree is for."""

    key: Token
    text: Text


class ObligationForm(Form):
    """Something an article demands by a deadline rule; `task` is its number in the procedure."""

    key: Token
    article: Token
    title: Text
    rule: Phrase
    roll: Roll
    task: int | None = Field(default=None, ge=1, le=999)


class DecreeForm(Form):
    """The decree itself. `in_force_on` is a date that a person answers for."""

    number: int = Field(ge=1, le=99999)
    year: int = Field(ge=FIRST_YEAR, le=LAST_YEAR)
    uri: Phrase
    title: Text
    issuer: Text
    announced_on: Day
    signed_on: DayOrUnknown
    in_force_on: Day
    objectives: tuple[ObjectiveForm, ...] = Field(default=(), max_length=50)
    articles: tuple[ArticleForm, ...] = Field(min_length=1, max_length=500)
    obligations: tuple[ObligationForm, ...] = Field(default=(), max_length=100)

    @property
    def id(self) -> str:
        """Number and year: ``298-2025``."""
        return f"{self.number}-{self.year}"

    def measure_id(self, article: ArticleForm, row: RowForm) -> str:
        """Decree, article and row: ``298-2025-a2-r01``."""
        return f"{self.id}-a{article.article}-r{row.row:02d}"

    def dates(self) -> dict[str, date | None]:
        """The dates of the decree that a deadline rule may name."""
        return {
            "announced_on": self.announced_on,
            "signed_on": self.signed_on,
            "in_force_on": self.in_force_on,
        }


class DepartmentForm(Form):
    """A department or authority.

    `signs` are the sides of a closing for which it signs the minutes; left out, nothing is declared.
    """

    key: Token
    name: Text
    signs: Sides | None = None


class DepartmentsForm(Form):
    """The departments and authorities that the dossier names."""

    note: Text | None = None
    departments: tuple[DepartmentForm, ...] = Field(default=(), max_length=500)


class MissionForm(Form):
    """A mission abroad; one that is `planned` is to be opened. `posts` is its establishment, where known.

    `accreditations` are further States, each once: for its host it answers anyway. `provenance` is said where
    it is not that of the whole list.
    """

    id: Token
    kind: MissionKind
    name: Text
    host: Country
    city: Text
    accreditations: tuple[Country, ...] = Field(default=(), max_length=50)
    confidence: Confidence
    planned: bool = False
    posts: int | None = Field(default=None, ge=0, le=10_000)
    provenance: Provenance | None = None

    @field_validator("accreditations")
    @classmethod
    def _each_once(cls, further: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if (host := info.data.get("host")) in further:
            raise WrongValue(
                en=f"{host} is the host: the mission answers for it anyway",
                ar=f"{host} هي الدولة المضيفة، والبعثة تمثل لديها من دون ذكرها هنا",
            )
        if twice := [state for number, state in enumerate(further) if state in further[:number]]:
            raise WrongValue(en=f"{twice[0]} stands here twice", ar=f"{twice[0]} مكررة هنا")
        return further


class MissionsForm(Form):
    """The missions concerned, and where the list comes from."""

    provenance: Provenance
    note: Text | None = None
    missions: tuple[MissionForm, ...] = Field(default=(), max_length=1000)


class CategoryForm(Form):
    """A category of staff, and the authority (a department's key) that decides on its postings.

    A posting lasts `cap_months` at most, four years where nothing is said, and without end where it is null;
    `warn_days` calendar days before its last day that is near. One extension adds `extension_months` at most.
    """

    key: Token
    title: Text
    authority: Token
    cap_months: int | None = Field(default=48, ge=1, le=600)
    warn_days: int = Field(default=90, ge=0, le=3650)
    extension_months: int = Field(default=12, ge=1, le=600)


class PersonForm(Form):
    """A posted person, known by a random id and a category only.

    `posted_on` is the first day of the posting; `provenance` is said where it is not that of the whole list.
    """

    id: Annotated[str, Field(pattern=STAFF_PATTERN)]
    mission: Token
    category: Token
    provenance: Provenance | None = None
    posted_on: DayOrUnknown = None


class StaffForm(Form):
    """The people posted to the missions concerned, and where the list comes from."""

    provenance: Provenance
    note: Text | None = None
    categories: tuple[CategoryForm, ...] = Field(default=(), max_length=100)
    persons: tuple[PersonForm, ...] = Field(default=(), max_length=10000)


class Dossier(Form):
    """A decree with everything that its execution starts from.

    `procedure` is the key of the procedure template by which its measures are carried out; `procedures` names
    others for some kinds of measures.
    """

    decree: DecreeForm
    procedure: Token | None = None
    procedures: Mapping[MeasureKind, Token] = Field(default_factory=dict)
    departments: DepartmentsForm = DepartmentsForm()
    missions: MissionsForm = MissionsForm(provenance=Provenance.SOURCED)
    staff: StaffForm = StaffForm(provenance=Provenance.SOURCED)
