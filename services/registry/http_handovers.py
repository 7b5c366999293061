"""The endpoints of a handover about States, district, cases, employees and signatures."""

from fastapi import APIRouter
from starlette.responses import Response

from services.registry.answers.handovers import EntryMade, Ledger, MinutesSigned
from services.registry.application import Registry
from services.registry.bodies import Id
from services.registry.bodies_handovers import (
    CasesBody,
    CasesOwnedBody,
    DistrictBody,
    EmployeeId,
    SignatureBody,
    StateBody,
    StateCode,
)
from services.registry.bodies_missions import ReferenceBody
from services.registry.handover import Handover, people, representation
from services.registry.handover.keeping import check_keeper
from services.registry.http_handed_over import HERE, things
from services.registry.mission import Mission
from shared.eventstore.command import Turn
from shared.web import AsOfQuery, Caller, Instruct, answered, json_response
from shared.web.joining import joined


def handovers(registry: Registry) -> APIRouter:
    """Build every endpoint that makes an entry in a handover."""
    return joined((part(registry) for part in (_representation, _people, things, _signing)), "handovers")


def _representation(registry: Registry) -> APIRouter:
    routes, use = APIRouter(), registry.handovers

    @routes.put(HERE + "/states/{state}", response_model=EntryMade)
    async def settle_state(by: Instruct, mission: Id, state: StateCode, body: StateBody) -> Response:
        """Give a State a successor, a protecting power, or the decision for a gap."""

        def entry(turn: Turn, handover: Handover, leaving: Mission) -> None:
            heir = None if body.successor is None else turn.get(Mission, body.successor)
            representation.settle_state(
                handover, leaving, state, body.succession, heir, body.power, body.reference, turn.moment
            )

        return answered(await use.enter(by, "settle-state", mission, entry))

    @routes.put(HERE + "/district", response_model=EntryMade)
    async def transfer_district(by: Instruct, mission: Id, body: DistrictBody) -> Response:
        """Give the consular district to another mission, the host State consenting."""

        def entry(turn: Turn, handover: Handover, leaving: Mission) -> None:
            to = turn.get(Mission, body.to)
            representation.transfer_district(handover, leaving, to, body.consent, turn.moment)

        return answered(await use.enter(by, "transfer-district", mission, entry))

    @routes.put(HERE + "/cases/{group}", response_model=EntryMade)
    async def count_cases(by: Instruct, mission: Id, group: Id, body: CasesBody) -> Response:
        """Count the open consular cases of a group."""
        return answered(await use.note(by, mission, representation.count_cases, group, body.open))

    @routes.post(HERE + "/cases/{group}/assign", response_model=EntryMade)
    async def assign_cases(by: Instruct, mission: Id, group: Id, body: CasesOwnedBody) -> Response:
        """Give open cases an owner: a mission or a department."""

        def entry(turn: Turn, handover: Handover, leaving: Mission) -> None:
            check_keeper(turn, leaving, body.owner)
            representation.assign_cases(
                handover, leaving, group, body.count, body.owner, body.reference, turn.moment
            )

        return answered(await use.enter(by, "assign-cases", mission, entry))

    return routes


def _people(registry: Registry) -> APIRouter:
    routes, note = APIRouter(), registry.handovers.note
    there = HERE + "/employees/{employee}"

    @routes.put(there, response_model=EntryMade)
    async def list_employee(by: Instruct, mission: Id, employee: EmployeeId) -> Response:
        """Enter a local employee, by a random id."""
        return answered(await note(by, mission, people.list_employee, employee))

    @routes.post(there + "/notify", response_model=EntryMade)
    async def notify(by: Instruct, mission: Id, employee: EmployeeId, body: ReferenceBody) -> Response:
        """Note the notice to a local employee."""
        return answered(await note(by, mission, people.notify_employee, employee, body.reference))

    @routes.post(there + "/settle", response_model=EntryMade)
    async def settle(by: Instruct, mission: Id, employee: EmployeeId, body: ReferenceBody) -> Response:
        """Note that the dues of a local employee are settled."""
        return answered(await note(by, mission, people.settle_employee, employee, body.reference))

    @routes.post(there + "/claim", response_model=EntryMade)
    async def claim(by: Instruct, mission: Id, employee: EmployeeId, body: ReferenceBody) -> Response:
        """Record the claim of a local employee."""
        return answered(await note(by, mission, people.record_claim, employee, body.reference))

    return routes


def _signing(registry: Registry) -> APIRouter:
    routes = APIRouter()

    @routes.get(HERE, response_model=Ledger)
    async def ledger(reader: Caller, when: AsOfQuery, mission: Id) -> Response:
        """Read the ledger of a mission: what has a successor, an owner or a fate, or has none yet."""
        if when is not None:
            was = await registry.handovers.ledger_as_of(when.position, mission)
            return json_response(was, headers=when.headers())
        outcome = await registry.handovers.ledger(reader, mission)
        return json_response(outcome.value, headers={"Tanfidh-Position": str(outcome.position)})

    @routes.post(HERE + "/signatures", response_model=MinutesSigned)
    async def sign(by: Instruct, mission: Id, body: SignatureBody) -> Response:
        """Sign the closing minutes in one of three capacities; three distinct people do."""
        return answered(await registry.handovers.sign(by, mission, body.signatory, body.reference))

    return routes
