"""The endpoints of departments: their place, their heads, who acts for those, and what they sign."""

from fastapi import APIRouter
from starlette.responses import Response

from services.registry.answers.departments import DepartmentStands, SigningDeclared
from services.registry.application import Registry
from services.registry.bodies import Id
from services.registry.bodies_departments import (
    ActingHeadBody,
    DelegationBody,
    HeadBody,
    PlaceBody,
    SignsBody,
)
from shared.web import Instruct, answered


def departments(registry: Registry) -> APIRouter:
    """Build every endpoint that changes a department."""
    routes = APIRouter(tags=["departments"])
    asked = registry.departments

    @routes.put("/departments/{department}/parent", response_model=DepartmentStands)
    async def place(by: Instruct, department: Id, body: PlaceBody) -> Response:
        """Put a department under another one, or under none."""
        return answered(await asked.place(by, department, body.parent))

    @routes.put("/departments/{department}/signs", response_model=SigningDeclared)
    async def declare_signing(by: Instruct, department: Id, body: SignsBody) -> Response:
        """Declare for which sides of a closing a department signs the minutes: for these, and no others."""
        return answered(await asked.declare_signing(by, department, body.signs, body.reference))

    @routes.put("/departments/{department}/head", response_model=DepartmentStands)
    async def appoint_head(by: Instruct, department: Id, body: HeadBody) -> Response:
        """Appoint the head of a department; whoever stood in for the former head does so no more."""
        outcome = await asked.appoint_head(by, department, body.head, body.role, body.mission, body.reference)
        return answered(outcome)

    @routes.put("/departments/{department}/acting-heads/{key}", response_model=DepartmentStands)
    async def name_acting_head(by: Instruct, department: Id, key: Id, body: ActingHeadBody) -> Response:
        """Let somebody act as head for a time, with all that the head may do; one at a time."""
        outcome = await asked.name_acting_head(
            by, department, key, body.deputy, body.since, body.until, body.reference
        )
        return answered(outcome)

    @routes.put("/departments/{department}/delegations/{key}", response_model=DepartmentStands)
    async def delegate(by: Instruct, department: Id, key: Id, body: DelegationBody) -> Response:
        """Let somebody act for oneself as head of a department for a time; the head in person does."""
        outcome = await asked.delegate(
            by, department, key, body.deputy, body.since, body.until, body.actions, body.reference
        )
        return answered(outcome)

    @routes.post("/departments/{department}/delegations/{key}/end", response_model=DepartmentStands)
    async def end(by: Instruct, department: Id, key: Id) -> Response:
        """End a delegation, or an acting appointment, at once."""
        return answered(await asked.end(by, department, key))

    return routes
