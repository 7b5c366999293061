"""The endpoints that change decrees: holds, amendments, execution, report."""

from fastapi import APIRouter
from starlette.responses import Response

from services.registry.answers.decrees import AmendmentSupposed, DecreeChanged, DecreeStands
from services.registry.application import Registry
from services.registry.bodies import Id
from services.registry.bodies_decrees import (
    AmendmentBody,
    FulfilmentBody,
    HoldBody,
    LaterDecreeBody,
    LiftBody,
    RemovalBody,
    ReportBody,
    ReturnBody,
    WaiverBody,
)
from shared.service.inquiries import standing
from shared.web import AsOfQuery, Caller, Instruct, answered, json_response
from shared.web.joining import joined


def decrees(registry: Registry) -> APIRouter:
    """Build every endpoint that changes a decree."""
    return joined((part(registry) for part in (_holds, _amendments, _ending)), "decrees")


def _holds(registry: Registry) -> APIRouter:
    routes = APIRouter()

    @routes.post("/decrees/{decree}/holds", response_model=DecreeStands)
    async def hold(by: Instruct, decree: Id, body: HoldBody) -> Response:
        """Hold the execution of a decree, an article or a measure."""
        outcome = await registry.decrees.hold(
            by, decree, body.hold, body.by, body.reason, body.conditions, body.article, body.measure
        )
        return answered(outcome)

    @routes.post("/decrees/{decree}/holds/{hold}/conditions/{condition}/fulfil", response_model=DecreeStands)
    async def fulfil(by: Instruct, decree: Id, hold: Id, condition: Id, body: FulfilmentBody) -> Response:
        """Note that a condition of a hold is fulfilled, with its documents."""
        return answered(await registry.decrees.fulfil(by, decree, hold, condition, body.evidence))

    @routes.post("/decrees/{decree}/holds/{hold}/conditions/{condition}/waive", response_model=DecreeStands)
    async def waive(by: Instruct, decree: Id, hold: Id, condition: Id, body: WaiverBody) -> Response:
        """Do without a condition; for its holder alone."""
        return answered(await registry.decrees.waive(by, decree, hold, condition, body.reason))

    @routes.post("/decrees/{decree}/holds/{hold}/lift", response_model=DecreeStands)
    async def lift(by: Instruct, decree: Id, hold: Id, body: LiftBody) -> Response:
        """Lift a hold, every condition of which is fulfilled or waived, or evidenced here."""
        return answered(await registry.decrees.resume(by, decree, hold, body.evidence, body.reason))

    return routes


def _amendments(registry: Registry) -> APIRouter:
    routes = APIRouter()

    @routes.post("/decrees/{decree}/amendments", response_model=DecreeChanged)
    async def amend(by: Instruct, decree: Id, body: AmendmentBody) -> Response:
        """Enter what a later decree changes; the answer lists what cannot be undone."""
        return answered(await registry.amendments.amend(by, decree, body.amendment()))

    @routes.post("/decrees/{decree}/amendments/suppose", response_model=AmendmentSupposed)
    async def suppose(reader: Caller, when: AsOfQuery, decree: Id, body: AmendmentBody) -> Response:
        """Tell what an amendment would change, by every event that it would record; nothing is stored."""
        position = None if when is None else when.position
        told = await registry.amendments.suppose(reader, decree, body.amendment(), position)
        return json_response(told, headers=standing(told["position"], when))

    @routes.post("/decrees/{decree}/repeal", response_model=DecreeChanged)
    async def repeal(by: Instruct, decree: Id, body: LaterDecreeBody) -> Response:
        """Enter that a later decree repeals this one; the answer lists what cannot be undone."""
        return answered(await registry.amendments.repeal(by, decree, body.by, body.on, body.despite))

    @routes.post("/decrees/{decree}/supersede", response_model=DecreeChanged)
    async def supersede(by: Instruct, decree: Id, body: LaterDecreeBody) -> Response:
        """Enter that a later decree takes the place of this one."""
        return answered(await registry.amendments.supersede(by, decree, body.by, body.on, body.despite))

    return routes


def _ending(registry: Registry) -> APIRouter:
    routes = APIRouter()

    @routes.post("/decrees/{decree}/execute", response_model=DecreeStands)
    async def execute(by: Instruct, decree: Id) -> Response:
        """Declare a decree executed; refused while a measure is outstanding."""
        return answered(await registry.decrees.execute(by, decree))

    @routes.post("/decrees/{decree}/final-report", response_model=DecreeStands)
    async def report(by: Instruct, decree: Id, body: ReportBody) -> Response:
        """Hand in the final report of an executed decree."""
        return answered(await registry.decrees.submit_report(by, decree, body.reference, body.sha256))

    @routes.post("/decrees/{decree}/final-report/approve", response_model=DecreeStands)
    async def approve(by: Instruct, decree: Id) -> Response:
        """Approve the final report; refused to whoever reported."""
        return answered(await registry.decrees.approve_report(by, decree))

    @routes.post("/decrees/{decree}/final-report/return", response_model=DecreeStands)
    async def give_back(by: Instruct, decree: Id, body: ReturnBody) -> Response:
        """Give the final report back to the reporter."""
        return answered(await registry.decrees.return_report(by, decree, body.reason))

    @routes.post("/decrees/{decree}/remove-from-control", response_model=DecreeStands)
    async def remove(by: Instruct, decree: Id, body: RemovalBody) -> Response:
        """Follow the decree up no longer; refused to whoever reported."""
        return answered(await registry.decrees.remove(by, decree, body.reference))

    return routes
