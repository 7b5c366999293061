"""The endpoints of personal data."""

from fastapi import APIRouter
from starlette.responses import Response

from services.registry.answers.staff import PersonErased, PersonRecorded, PersonTold
from services.registry.application.persons import Persons
from services.registry.bodies import Reference, StaffId
from shared.contracts.registry import ErasureReason
from shared.dossier.personal import PersonalDetails
from shared.web import AsOfQuery, Caller, Instruct, RequestModel, answered, json_response

PRIVATE = {"Cache-Control": "no-store"}
"""Nobody on the way keeps personal data."""


class PersonBody(PersonalDetails):
    """What is known of a person; what is left out is not known. One of the names is needed."""


class ErasureBody(RequestModel):
    """Why personal data is erased, and the number of the decision or letter that demands it."""

    reason: ErasureReason
    basis: Reference


def persons_routes(persons: Persons) -> APIRouter:
    """Build every endpoint of personal data."""
    routes = APIRouter(tags=["staff"])

    @routes.put("/staff/{staff}/person", response_model=PersonRecorded)
    async def record(by: Instruct, staff: StaffId, body: PersonBody) -> Response:
        """Record or correct a person's data, all of it; it is stored encrypted and published nowhere."""
        return answered(await persons.record(by, staff, body.details()))

    @routes.get("/staff/{staff}/person", response_model=PersonTold)
    async def read(reader: Caller, when: AsOfQuery, staff: StaffId) -> Response:
        """Read a person's data; what was erased says `erased`, as of any moment."""
        told, position = await persons.read(reader, staff, None if when is None else when.position)
        headers = PRIVATE | {"ETag": f'"{told["version"]}"', "Tanfidh-Position": str(position)}
        return json_response(told, headers=headers if when is None else headers | when.headers())

    @routes.post("/staff/{staff}/erase", response_model=PersonErased)
    async def erase(by: Instruct, staff: StaffId, body: ErasureBody) -> Response:
        """Erase a person's data for good. Refused while the person is posted.

        From the answer on nobody reads it. `key` is `destroyed`, or `pending` where that could not be done
        yet: it is tried again, and a repetition of the request tells what became of it since.
        """
        outcome, key = await persons.erase(by, staff, body.reason, body.basis)
        return answered(outcome, {"key": key})

    return routes
