"""The form of a scenario: who acts, and what is asked of the services when. Its reference is in docs/."""

import re
from datetime import datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    NaiveDatetime,
    field_validator,
    model_validator,
)

from shared.calendar import Zone
from shared.contracts.identity import Token
from shared.contracts.text import Text
from shared.web.claims import BEARERS
from shared.web.pseudonyms import PSEUDONYM, is_pseudonym

OFFICER = "department:"
"""Before a department's key: whoever acts for it under its own name."""

Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{2,63}$")]
Local = NaiveDatetime
"""A moment by the clocks of the scenario's zone, to the minute."""


class Form(BaseModel):
    """A part of a scenario; a field that it does not know is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class ActorForm(Form):
    """Somebody who acts, as a token names them."""

    role: str
    subject: str
    department: Token | None = None

    @field_validator("role")
    @classmethod
    def _role_exists(cls, role: str) -> str:
        if role not in BEARERS:
            raise ValueError(f"{role!r} is no role; there are {', '.join(sorted(BEARERS))}")
        return role

    @field_validator("subject")
    @classmethod
    def _is_pseudonym(cls, subject: str) -> str:
        if not is_pseudonym(subject):
            raise ValueError(f"{subject!r} is no pseudonym: {PSEUDONYM}")
        return subject


class Manner(Form):
    """When work is handed in, in working days: `days` after its deadline, or on the day before it.

    `backdated`: it takes effect before the deadline and is only recorded later.
    """

    days: int = 0
    backdated: bool = False


_MANNERS = re.compile(r"on time|late by (?P<late>[1-9]\d?) days?|recorded (?P<recorded>[1-9]\d?) days? late")
_RANGE = re.compile(r"([1-9]\d{0,3})(?:-([1-9]\d{0,3}))?")


def read_numbers(value: object) -> frozenset[int]:
    """Read ``1-5, 7`` as a set of numbers; raise ValueError where it is none."""
    numbers: set[int] = set()
    for part in str(value).split(","):
        matched = _RANGE.fullmatch(part.strip())
        if matched is None:
            raise ValueError(f"{part.strip()!r} is no number or range; write for example 1-5, 7")
        first, last = int(matched[1]), int(matched[2] or matched[1])
        if last < first:
            raise ValueError(f"the range {first}-{last} runs backwards")
        numbers |= set(range(first, last + 1))
    return frozenset(numbers)


def read_manner(value: object) -> Manner:
    """Read ``on time``, ``late by 3 days`` or ``recorded 3 days late``; raise ValueError otherwise."""
    matched = _MANNERS.fullmatch(str(value))
    if matched is None:
        raise ValueError(f"{value!r}: write on time, late by 3 days, or recorded 3 days late")
    days = int(matched["late"] or matched["recorded"] or 0)
    return Manner(days=days, backdated=matched["recorded"] is not None)


Numbers = Annotated[frozenset[int], BeforeValidator(read_numbers)]
Done = Annotated[Manner, BeforeValidator(read_manner)]


class WorkForm(Form):
    """Tasks to be carried through, from assignment to acceptance: numbers of plans, or single tasks.

    `but` names numbers that are done in another manner than the rest.
    """

    plans: tuple[Token, ...] = ()
    numbers: Numbers | None = None
    tasks: tuple[Token, ...] = ()
    done: Done = Manner()
    but: dict[str, Done] = Field(default_factory=dict)

    @field_validator("but")
    @classmethod
    def _names_numbers(cls, but: dict[str, Manner]) -> dict[str, Manner]:
        for numbers in but:
            read_numbers(numbers)
        return but

    def manner_of(self, number: int) -> Manner:
        """How the task of a number is done."""
        special = (manner for numbers, manner in self.but.items() if number in read_numbers(numbers))
        return next(special, self.done)

    @model_validator(mode="after")
    def _names_something(self) -> "WorkForm":
        if bool(self.plans) == bool(self.tasks):
            raise ValueError("name either plans or tasks")
        if self.tasks and self.numbers is not None:
            raise ValueError("numbers are those of tasks in plans")
        return self


class StepForm(Form):
    """One step: a request (`do`), or work on tasks (`work`).

    `each` repeats the request with values filled in.
    """

    at: Local
    actor: str = Field(alias="as")
    do: Annotated[str | None, Field(pattern=r"^(POST|PUT) /[a-z]+/[!-~]+$")] = None
    body: dict[str, Any] | None = Field(default=None, alias="with")
    effective_at: Local | None = None
    each: tuple[dict[Token, str], ...] = Field(default=({},), min_length=1)
    expect: int | Slug | None = None
    work: WorkForm | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _is_one_thing(self) -> "StepForm":
        if (self.do is None) == (self.work is None):
            raise ValueError("a step has either do or work")
        if self.work is not None and not (self.body is None and self.expect is None and self.each == ({},)):
            raise ValueError("with, each and expect belong to do")
        return self


class ScenarioForm(Form):
    """A whole scenario."""

    name: Token
    title: Text
    provenance: Literal["fictitious", "sourced"]
    dossier: Annotated[str, Field(pattern=r"^[A-Za-z0-9._/-]+$")]
    imported_by: str
    zone: Zone
    begins: Local
    ends: Local
    officers: str = "{department}-officer"
    actors: dict[Token, ActorForm]
    steps: tuple[StepForm, ...]

    @field_validator("officers")
    @classmethod
    def _names_a_department(cls, pattern: str) -> str:
        if "{department}" not in pattern or not is_pseudonym(pattern.replace("{department}", "x")):
            raise ValueError("it must hold {department}, and give a pseudonym with a department's key in it")
        return pattern

    def moment(self, local: datetime) -> datetime:
        """The moment, in the scenario's zone, that its clocks show."""
        return local.replace(tzinfo=ZoneInfo(self.zone))

    def actor(self, name: str) -> ActorForm:
        """Who acts under a name of the scenario; raise KeyError where there is nobody."""
        if name.startswith(OFFICER):
            return self.officer(name.removeprefix(OFFICER))
        return self.actors[name]

    def officer(self, department: str) -> ActorForm:
        """Whoever acts for a department."""
        subject = self.officers.replace("{department}", department)
        return ActorForm(role="department", subject=subject, department=department)
