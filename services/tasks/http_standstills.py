"""The endpoints that tell what does not go on, and why."""

from fastapi import APIRouter
from starlette.responses import Response

from services.tasks.answers.tasks import Blockers, LateCounts, LateTask
from services.tasks.application import Tasks
from services.tasks.bodies_plans import On
from services.tasks.requests import Filter, Id
from shared.web import AsOfQuery, Caller, Items, PageQuery


def standstills(tasks: Tasks) -> APIRouter:
    """Build the endpoints about what blocks a task, and who is late."""
    routes = APIRouter(tags=["standstills"])

    @routes.get("/tasks/{task}/blocked-by", response_model=Blockers)
    async def blocked_by(_: Caller, when: AsOfQuery, task: Id) -> Response:
        """Tell what blocks a task: prerequisites to the root, holds, missing dates, what was reported."""
        return await tasks.standstills.blocked_by(task, when)

    @routes.get("/late", response_model=Items[LateTask])
    async def late(
        _: Caller,
        query: PageQuery,
        when: AsOfQuery,
        on: On = None,
        decree: Filter = None,
        department: Filter = None,
        mission: Filter = None,
        plan: Filter = None,
    ) -> Response:
        """List who is late, by how many working days, how often before, and how often it was extended.

        `grounds` are of which kinds is what stands beside their misses.
        """
        where = {"decree": decree, "department": department, "mission": mission, "plan": plan}
        return await tasks.standstills.late(query, where, when, on)

    @routes.get("/counts/late", response_model=dict[str, LateCounts])
    async def departments(_: Caller, when: AsOfQuery, decree: Filter = None) -> Response:
        """Count, by lead department, the deadlines that are missed now and those that ever were.

        Of the latter, `qualified` have anything beside a miss, `taken_away` that nothing was due any more.
        """
        return await tasks.standstills.late_departments(decree, when)

    return routes
