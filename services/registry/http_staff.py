"""The endpoints of postings: how they begin, go on and end."""

from fastapi import APIRouter
from starlette.responses import Response

from services.registry.answers.staff import PostingStands
from services.registry.application import Registry
from services.registry.bodies import StaffId
from services.registry.bodies_staff import ExtensionBody, OutcomeBody, PostingBody, ReassignmentBody
from shared.web import Instruct, answered


def staff(registry: Registry) -> APIRouter:
    """Build every endpoint of postings."""
    routes = APIRouter(tags=["staff"])

    @routes.post("/staff/{staff}/post", response_model=PostingStands)
    async def post(by: Instruct, staff: StaffId, body: PostingBody) -> Response:
        """Post a person, known by role only, to a mission; the first day is that of Tanfidh-Effective-At."""
        outcome = await registry.staff.post(
            by, staff, body.mission, body.category, body.authority, body.provenance
        )
        return answered(outcome)

    @routes.post("/staff/{staff}/reassign", response_model=PostingStands)
    async def reassign(by: Instruct, staff: StaffId, body: ReassignmentBody) -> Response:
        """End a posting by another one."""
        return answered(await registry.staff.reassign(by, staff, body.mission, body.by, body.reference))

    @routes.post("/staff/{staff}/recall", response_model=PostingStands)
    async def recall(by: Instruct, staff: StaffId, body: OutcomeBody) -> Response:
        """End a posting by a return to the ministry."""
        return answered(await registry.staff.recall(by, staff, body.by, body.reference))

    @routes.post("/staff/{staff}/separate", response_model=PostingStands)
    async def separate(by: Instruct, staff: StaffId, body: OutcomeBody) -> Response:
        """End a posting together with the service."""
        return answered(await registry.staff.separate(by, staff, body.by, body.reference))

    @routes.post("/staff/{staff}/extend", response_model=PostingStands)
    async def extend(by: Instruct, staff: StaffId, body: ExtensionBody) -> Response:
        """Let a posting go on until another last day; that it was overdue, if it was, stays a fact."""
        return answered(await registry.staff.extend(by, staff, body.until, body.by, body.reference))

    return routes
