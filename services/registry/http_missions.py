"""The endpoints of missions: the dates, phases and conditions of their closing."""

from fastapi import APIRouter
from starlette.responses import Response

from services.registry.answers.missions import ClosingConditions, ClosingDates, MissionClosed, MissionStands
from services.registry.application import Registry
from services.registry.bodies import Id
from services.registry.bodies_missions import Condition, DatesBody, ReferenceBody, WaivingBody
from shared.web import AsOfQuery, Caller, Instruct, answered, json_response


def missions(registry: Registry) -> APIRouter:
    """Build every endpoint that changes a mission, and the one that says why it is not closed."""
    routes = APIRouter(tags=["missions"])

    @routes.put("/missions/{mission}/dates", response_model=ClosingDates)
    async def set_dates(by: Instruct, mission: Id, body: DatesBody) -> Response:
        """Set both closing dates; the official one is T of the timetable."""
        return answered(await registry.missions.set_dates(by, mission, body.public_on, body.official_on))

    @routes.post("/missions/{mission}/announce", response_model=MissionStands)
    async def announce(by: Instruct, mission: Id, body: ReferenceBody) -> Response:
        """Announce the closing to the public; both dates are set by then."""
        return answered(await registry.missions.announce(by, mission, body.reference))

    @routes.post("/missions/{mission}/stop-services", response_model=MissionStands)
    async def stop_services(by: Instruct, mission: Id, body: ReferenceBody) -> Response:
        """Take no new requests of the public any more; the closing is announced by then."""
        return answered(await registry.missions.stop_services(by, mission, body.reference))

    @routes.post("/missions/{mission}/closing-conditions/{condition}/waive", response_model=MissionStands)
    async def waive(by: Instruct, mission: Id, condition: Condition, body: WaivingBody) -> Response:
        """Answer by name for it that the mission closes though this condition is not met."""
        outcome = await registry.missions.waive(by, mission, condition, body.reference, body.reason)
        return answered(outcome)

    @routes.post("/missions/{mission}/close", response_model=MissionClosed)
    async def close(by: Instruct, mission: Id) -> Response:
        """Close a mission; a refusal lists every condition that does not hold and that nobody waived."""
        return answered(await registry.missions.close(by, mission))

    @routes.post("/missions/{mission}/close-with-reservations", response_model=MissionClosed)
    async def close_with_reservations(by: Instruct, mission: Id) -> Response:
        """Close a mission though conditions are not met, for each of which somebody answers by name."""
        return answered(await registry.missions.close(by, mission, with_reservations=True))

    @routes.post("/missions/{mission}/settle", response_model=MissionStands)
    async def settle(by: Instruct, mission: Id, body: ReferenceBody) -> Response:
        """Note the final audit of a closed mission's accounts."""
        return answered(await registry.missions.settle(by, mission, body.reference))

    @routes.post("/missions/{mission}/archive", response_model=MissionStands)
    async def archive(by: Instruct, mission: Id, body: ReferenceBody) -> Response:
        """Close the file of a settled mission."""
        return answered(await registry.missions.archive(by, mission, body.reference))

    @routes.get("/missions/{mission}/closing-conditions", response_model=ClosingConditions)
    async def conditions(reader: Caller, when: AsOfQuery, mission: Id) -> Response:
        """Why is it not closed? Each of the twelve conditions, and what it lacks."""
        if when is not None:
            judged = await registry.missions.closing_conditions_as_of(when.position, mission)
            return json_response(judged, headers=when.headers())
        outcome = await registry.missions.closing_conditions(reader, mission)
        return json_response(outcome.value, headers={"Tanfidh-Position": str(outcome.position)})

    return routes
