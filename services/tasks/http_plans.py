"""The endpoints of plans."""

from fastapi import APIRouter
from starlette.responses import Response

from services.tasks.answers.plans import (
    PlanApprovedTold,
    PlanChanged,
    PlanPreview,
    PlanRow,
    PlanScheduled,
    PlanTold,
)
from services.tasks.answers.timetables import CriticalPath, Slippage
from services.tasks.application import Tasks
from services.tasks.bodies_plans import Approval, OfficialDate, On, Renewal, Version
from services.tasks.plan import PlanState
from services.tasks.plan.amending import PlanProposal
from services.tasks.requests import Filter, Id
from shared.service.inquiries import versioned
from shared.web import AsOfQuery, Caller, Instruct, Items, PageQuery, answered


def plans(tasks: Tasks) -> APIRouter:
    """Build the endpoints that read plans."""
    routes, inquiries = APIRouter(tags=["plans"]), tasks.inquiries

    @routes.get("/plans", response_model=Items[PlanRow])
    async def listed(
        _: Caller,
        query: PageQuery,
        when: AsOfQuery,
        decree: Filter = None,
        mission: Filter = None,
        state: PlanState | None = None,
    ) -> Response:
        """List plans with their counts, conditions and T."""
        where = {"decree": decree, "mission": mission, "state": state}
        return await inquiries.listed("plans", query, where, when)

    @routes.get("/plans/{plan}", response_model=PlanTold)
    async def plan(_: Caller, when: AsOfQuery, plan: Id) -> Response:
        """Read a plan with its tasks."""
        position = await inquiries.folded(when)
        return versioned(await inquiries.plan(plan, when), position, when)

    @routes.get("/plans/{plan}/critical-path", response_model=CriticalPath)
    async def critical_path(_: Caller, when: AsOfQuery, plan: Id, on: On = None) -> Response:
        """Tell how late each open task can be, and which chain of tasks decides when the plan ends."""
        return await tasks.timetables.critical_path(plan, when, on)

    @routes.get("/plans/{plan}/slippage", response_model=Slippage)
    async def slippage(_: Caller, when: AsOfQuery, plan: Id) -> Response:
        """Tell by how much each task, and the end, moved against the baseline."""
        return await tasks.timetables.slippage(plan, when)

    @routes.get("/plans/{plan}/versions/{version}/preview", response_model=PlanPreview)
    async def preview(_: Caller, when: AsOfQuery, plan: Id, version: Version) -> Response:
        """Tell what moving the plan to the newest version of its procedure would change; stores nothing."""
        return await tasks.timetables.preview(plan, version, when)

    return routes


def plan_commands(tasks: Tasks) -> APIRouter:
    """Build the endpoints that change plans."""
    routes, planning = APIRouter(tags=["plans"]), tasks.planning

    @routes.put("/plans/{plan}/date", response_model=PlanScheduled)
    async def set_date(by: Instruct, plan: Id, body: OfficialDate) -> Response:
        """Set T of a measure that closes nothing; the dates of a closing are set on its mission."""
        return answered(await planning.set_date(by, plan, body.official_on))

    @routes.post("/plans/{plan}/approve", response_model=PlanApprovedTold)
    async def approve(by: Instruct, plan: Id, body: Approval | None = None) -> Response:
        """Approve the plan: what stands now is its baseline. Again only with a reason."""
        return answered(await planning.approve(by, plan, None if body is None else body.reason))

    @routes.post("/plans/{plan}/replan", response_model=PlanChanged)
    async def replan(by: Instruct, plan: Id, body: PlanProposal) -> Response:
        """Move windows, add tasks and give tasks up, with one reason; every flaw is told at once."""
        return answered(await planning.replan(by, plan, body))

    @routes.post("/plans/{plan}/versions/{version}/apply", response_model=PlanChanged)
    async def renew(by: Instruct, plan: Id, version: Version, body: Renewal) -> Response:
        """Move the plan to the newest version of its procedure, which must be the one that is named."""
        return answered(await planning.renew(by, plan, version, body.reason))

    return routes
