"""The endpoints of personal data."""

from datetime import date
from typing import Annotated, Self

from fastapi import APIRouter
from pydantic import Field, model_validator
from starlette.responses import Response

from services.registry.application.persons import Persons
from services.registry.bodies import Reference, StaffId
from shared.contracts.registry import ErasureReason
from shared.dossier.form import Day
from shared.web import AsOfQuery, Caller, Instruct, RequestModel, answered, json_response

Name = Annotated[str, Field(min_length=2, max_length=200, pattern=r"\S")]
Number = Annotated[str, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z/ \-]{3,31}$")]
PRIVATE = {"Cache-Control": "no-store"}
"""Nobody on the way keeps personal data."""


class PersonBody(RequestModel):
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
            raise ValueError("a person has a name: name_arabic, name_latin or both")
        return self

    def details(self) -> dict[str, str]:
        """Return what is known, by field, as text."""
        known = {name: value for name, value in self.__dict__.items() if value is not None}
        return {n: v.isoformat() if isinstance(v, date) else v for n, v in known.items()}


class ErasureBody(RequestModel):
    """Why personal data is erased, and the number of the decision or letter that demands it."""

    reason: ErasureReason
    basis: Reference


def persons_routes(persons: Persons) -> APIRouter:
    """Build every endpoint of personal data."""
    routes = APIRouter(tags=["staff"])

    @routes.put("/staff/{staff}/person")
    async def record(by: Instruct, staff: StaffId, body: PersonBody) -> Response:
        """Record or correct a person's data, all of it; it is stored encrypted and published nowhere."""
        return answered(await persons.record(by, staff, body.details()))

    @routes.get("/staff/{staff}/person")
    async def read(reader: Caller, when: AsOfQuery, staff: StaffId) -> Response:
        """Read a person's data; what was erased says `erased`, as of any moment."""
        told, position = await persons.read(reader, staff, None if when is None else when.position)
        headers = PRIVATE | {"ETag": f'"{told["version"]}"', "Tanfidh-Position": str(position)}
        return json_response(told, headers=headers if when is None else headers | when.headers())

    @routes.post("/staff/{staff}/erase")
    async def erase(by: Instruct, staff: StaffId, body: ErasureBody) -> Response:
        """Erase a person's data for good. Refused while the person is posted.

        From the answer on nobody reads it. `key` is `destroyed`, or `pending` where that could not be done
        yet: it is tried again, and a repetition of the request tells what became of it since.
        """
        outcome, key = await persons.erase(by, staff, body.reason, body.basis)
        return answered(outcome, {"key": key})

    return routes
