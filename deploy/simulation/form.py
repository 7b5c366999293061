"""The form of a scenario: who acts, and what is asked of the services when. Its reference is in docs/."""

import re
from datetime import datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from deploy.simulation.values import Asked, Done, Expected, Local, Manner, Numbers, read_numbers
from shared.calendar import Zone
from shared.contracts.identity import Token
from shared.contracts.text import Text
from shared.web.claims import BEARERS
from shared.web.pseudonyms import PSEUDONYM, is_pseudonym

OFFICER = "department:"
"""Before a department's key: whoever acts for it under its own name."""

_FOLDER = re.compile(r"[A-Za-z0-9._/-]+")


def _read_folder(value: object) -> str:
    if not isinstance(value, str) or not _FOLDER.fullmatch(value):
        raise ValueError("write a path beside this file, of A-Z a-z 0-9 . _ / -")
    return value


Folder = Annotated[str, BeforeValidator(_read_folder)]
"""A dossier's folder or main file, relative to the scenario."""


class Form(BaseModel):
    """A part of a scenario; a field that it does not know is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class ActorForm(Form):
    """Somebody who acts, as a token names them."""

    role: str
    subject: str
    department: Token | None = None
    mission: Token | None = None
    on_behalf_of: str | None = None

    @field_validator("role")
    @classmethod
    def _role_exists(cls, role: str) -> str:
        if role not in BEARERS:
            raise ValueError(f"{role!r} is no role; there are {', '.join(sorted(BEARERS))}")
        return role

    @field_validator("subject", "on_behalf_of")
    @classmethod
    def _is_pseudonym(cls, subject: str | None) -> str | None:
        if subject is not None and not is_pseudonym(subject):
            raise ValueError(f"{subject!r} is no pseudonym: {PSEUDONYM}")
        return subject


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

    @property
    def excepted(self) -> frozenset[int]:
        """The numbers that `but` names."""
        return frozenset[int]().union(*map(read_numbers, self.but))

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
    do: Asked | None = None
    body: dict[str, Any] | None = Field(default=None, alias="with")
    effective_at: Local | None = None
    each: tuple[dict[Token, str], ...] = Field(default=({},), min_length=1)
    expect: Expected | None = None
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
    dossier: Folder
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
        return officer_of(department, self.officers)


def officer_of(department: str, pattern: str) -> ActorForm:
    """Whoever acts for a department, named by a pattern; raise ValidationError where it is no key of one."""
    subject = pattern.replace("{department}", department)
    return ActorForm(role="department", subject=subject, department=department)
