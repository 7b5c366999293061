"""What may be told of a person, wherever it is entered: each field with its form."""

from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from shared.contracts.text import WrongValue
from shared.dossier.form import Day, Form

Name = Annotated[str, Field(min_length=2, max_length=200, pattern=r"\S")]
Number = Annotated[str, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z/ \-]{3,31}$")]


class PersonalDetails(Form):
    """What is known of a person; what is left out is not known. One of the names is needed."""

    name_arabic: Name | None = None
    name_latin: Name | None = None
    born_on: Day | None = None
    national_number: Number | None = None
    passport_number: Number | None = None
    passport_expires_on: Day | None = None
    email: Annotated[str, Field(max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")] | None = None
    phone: Annotated[str, Field(pattern=r"^\+?[0-9][0-9 \-]{5,24}$")] | None = None

    @model_validator(mode="after")
    def _named(self) -> Self:
        if self.name_arabic is None and self.name_latin is None:
            raise WrongValue(
                en="a person has a name: name_arabic, name_latin or both",
                ar="للشخص اسم: name_arabic أو name_latin أو كلاهما",
            )
        return self

    def details(self) -> dict[str, str]:
        """Return what is known, by field, as text."""
        known = {name: value for name, value in self.__dict__.items() if value is not None}
        return {n: v.isoformat() if isinstance(v, date) else v for n, v in known.items()}
