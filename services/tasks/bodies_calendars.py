"""The bodies that the endpoints of calendars read; unknown fields are refused."""

from typing import Annotated

from pydantic import Field, model_validator

from services.tasks.calendar import Grounds
from services.tasks.requests import Reason
from shared.calendar import Basis, Holiday
from shared.contracts.identity import Token
from shared.contracts.text import Text, WrongValue
from shared.dossier.form import Day
from shared.web import RequestModel

Label = Annotated[str, Field(min_length=1, max_length=64)]

Reference = Annotated[str, Field(pattern=r"\S", max_length=200)]
"""The document by which something was decided: words, not blanks alone."""


class Grounded(RequestModel):
    """By which document a holiday is changed, and why. The new version gets a label where it has none."""

    reference: Reference
    reason: Reason
    label: Label | None = None

    @property
    def grounds(self) -> Grounds:
        """The same in the words of the rules."""
        return Grounds(self.reference, self.reason, self.label)


class NewHoliday(Grounded):
    """A day that becomes an official holiday."""

    day: Day
    name: Text
    basis: Basis = Basis.ANNOUNCED

    @property
    def holiday(self) -> Holiday:
        """The holiday."""
        return Holiday(day=self.day, name=self.name, basis=self.basis)


class MovedHoliday(Grounded):
    """The day to which a holiday is moved, and how that is known."""

    to: Day
    basis: Basis = Basis.ANNOUNCED


class RevokedHoliday(Grounded):
    """Why a holiday is revoked."""


class Approval(RequestModel):
    """The version that is approved, and the plan, decree or meeting whose deadlines move to it."""

    version: int = Field(ge=1, le=1_000_000)
    plan: Token | None = None
    decree: Token | None = None
    meeting: Token | None = None

    @model_validator(mode="after")
    def _names_one(self) -> "Approval":
        if [self.plan, self.decree, self.meeting].count(None) != 2:
            raise WrongValue(
                en="name a plan, a decree or a meeting, one of them",
                ar="اذكر خطة أو قرارًا أو اجتماعًا، واحدًا فقط",
            )
        return self
