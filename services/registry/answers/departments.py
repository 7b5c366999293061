"""What is told of departments."""

from pydantic import AwareDatetime

from services.registry.answers.row import ByLaw, Row
from shared.contracts.delegation import Headship
from shared.contracts.registry import SigningSide
from shared.contracts.text import Text
from shared.web import AnswerModel


class GivenWhen(AnswerModel):
    """When it was let somebody stand in, from when to when, and when that was ended early."""

    at: AwareDatetime
    since: AwareDatetime
    until: AwareDatetime
    ended_at: AwareDatetime | None


class StoodIn(AnswerModel):
    """Who may act on behalf of a head, and from when to when that counts of what was `given`."""

    key: str
    head: str
    deputy: str
    since: AwareDatetime
    until: AwareDatetime
    acting: bool
    actions: list[str] | None
    reference: str
    given: GivenWhen


class SigningTold(AnswerModel):
    """For which sides a department signs closing minutes, since when."""

    signs: list[SigningSide]
    reference: str | None
    since: AwareDatetime


class DepartmentRow(Row):
    """A department: its place, who leads it, who acts for the head, and what it signs."""

    name: Text
    parent: str | None
    head: str | None
    heads: list[Headship]
    stand_ins: list[StoodIn]
    signs: list[SigningSide] | None
    signs_receiving: bool
    signs_inspection: bool
    signing: list[SigningTold]


class DepartmentByLaw(DepartmentRow, ByLaw):
    """A department as it was led at a moment."""


class DepartmentStands(AnswerModel):
    """Where a department stands after a command, and who leads it."""

    department: str
    parent: str | None
    head: str | None


class SigningDeclared(AnswerModel):
    """The sides for which a department signs from now on."""

    department: str
    signs: list[SigningSide]
