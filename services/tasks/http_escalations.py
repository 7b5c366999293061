"""The endpoints of escalation: ladders, what was escalated, and who answers for it."""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from services.tasks.answers.escalations import EscalationRow, PolicyDeclared, PolicyRow, StepAcknowledged
from services.tasks.application import Tasks
from services.tasks.escalation import EscalationState
from services.tasks.requests import About, Filter, Id, Reason
from shared.contracts.tasks import Ladder
from shared.dossier.form import Day
from shared.service.answers import EventTold
from shared.web import AsOfQuery, Caller, Instruct, Items, PageQuery, RequestModel, answered

Version = Annotated[int, Path(ge=1, le=1_000_000)]


class Answering(RequestModel):
    """What is done about it; until the end of a day, or as long as the ladder allows."""

    note: Reason
    until: Day | None = None


def escalations(tasks: Tasks) -> APIRouter:
    """Build the endpoints of escalation."""
    routes, inquiries, use = APIRouter(tags=["escalation"]), tasks.inquiries, tasks.escalations

    @routes.post("/escalation-policies/{policy}", response_model=PolicyDeclared, status_code=201)
    async def declare(by: Instruct, policy: Id, body: Ladder) -> Response:
        """Declare the next version of a ladder.

        Tasks of a decree follow the policy under the decree's id, or else the one called `default`. What is
        escalated already goes on by the version with which it began; a miss that was recorded while there
        was no policy is not escalated afterwards.
        """
        return answered(await use.declare(by, policy, body))

    @routes.get("/escalation-policies", response_model=Items[PolicyRow])
    async def policies(_: Caller, query: PageQuery, when: AsOfQuery) -> Response:
        """List policies of escalation, each in its newest version."""
        return await inquiries.listed("escalation-policies", query, {}, when)

    @routes.get("/escalation-policies/{policy}", response_model=PolicyRow)
    async def policy(_: Caller, when: AsOfQuery, policy: Id) -> Response:
        """Read the newest version of a policy."""
        return await inquiries.item("escalation-policies", policy, when)

    @routes.get("/escalation-policies/{policy}/versions/{version}", response_model=EventTold)
    async def policy_version(_: Caller, when: AsOfQuery, policy: Id, version: Version) -> Response:
        """Read a version of a policy as it was declared."""
        return await inquiries.declared_version("escalation-policy", policy, version, when)

    @routes.get("/escalations", response_model=Items[EscalationRow])
    async def listed(
        _: Caller,
        scope: About,
        query: PageQuery,
        when: AsOfQuery,
        plan: Filter = None,
        lead: Filter = None,
        state: EscalationState | None = None,
    ) -> Response:
        """List escalations; `department` is the one that the last step went to, `lead` the task's own."""
        where = {"plan": plan, "lead": lead, "state": state}
        return await inquiries.listed("escalations", query, scope | where, when)

    @routes.get("/escalations/{task}", response_model=EscalationRow)
    async def escalation(_: Caller, when: AsOfQuery, task: Id) -> Response:
        """Read what was escalated about a task, step by step."""
        return await inquiries.item("escalations", task, when)

    @routes.post("/escalations/{task}/acknowledge", response_model=StepAcknowledged)
    async def acknowledge(by: Instruct, task: Id, body: Answering) -> Response:
        """Answer for the present step: the clock of the ladder stands for a time. Each step once."""
        return answered(await use.acknowledge(by, task, body.until, body.note))

    return routes
