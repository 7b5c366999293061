"""The endpoints: parse, call, render."""

from fastapi import APIRouter
from starlette.responses import Response

from services.tasks.answers.overview import States
from services.tasks.answers.tasks import Documents, TaskRow
from services.tasks.application import Tasks
from services.tasks.http_calendars import calendars
from services.tasks.http_deadlines import deadlines, more_time
from services.tasks.http_declarations import declarations
from services.tasks.http_escalations import escalations
from services.tasks.http_indicators import decree_reads, indicator_routes
from services.tasks.http_meetings import meeting_commands, meeting_reads
from services.tasks.http_participation import participation
from services.tasks.http_plans import plan_commands, plans
from services.tasks.http_reports import report_routes
from services.tasks.http_standstills import standstills
from services.tasks.http_suppositions import suppositions
from services.tasks.http_task_commands import task_commands
from services.tasks.http_templates import templates
from services.tasks.inquiries import TaskInquiries
from services.tasks.requests import About, Filter, Id, Missed
from services.tasks.task import TaskState
from shared.service.inquiries import standing
from shared.web import AsOfQuery, Caller, Items, PageQuery, json_response
from shared.web.joining import joined


def router(tasks: Tasks) -> APIRouter:
    """Build every endpoint of the service."""
    inquiries = tasks.inquiries
    parts = (
        task_commands(tasks),
        participation(tasks),
        more_time(tasks),
        declarations(tasks),
        templates(tasks),
        suppositions(tasks.suppositions),
        calendars(tasks),
        escalations(tasks),
        _tasks(inquiries),
        deadlines(inquiries),
        standstills(tasks),
        plans(tasks),
        plan_commands(tasks),
        meeting_commands(tasks.meetings),
        meeting_reads(inquiries),
        indicator_routes(tasks.indicators, inquiries),
        decree_reads(inquiries),
        report_routes(tasks.reports, inquiries),
    )
    return joined(parts)


def _tasks(inquiries: TaskInquiries) -> APIRouter:
    routes = APIRouter(tags=["tasks"])

    @routes.get("/tasks", response_model=Items[TaskRow])
    async def listed(
        _: Caller,
        scope: About,
        query: PageQuery,
        when: AsOfQuery,
        plan: Filter = None,
        state: TaskState | None = None,
        missed: Missed = None,
        meeting: Filter = None,
        decision: Filter = None,
    ) -> Response:
        """List tasks, filtered by what is given."""
        where = {"plan": plan, "state": state, "missed": missed, "meeting": meeting, "decision": decision}
        return await inquiries.listed("tasks", query, scope | where, when)

    @routes.get("/tasks/{task}", response_model=TaskRow)
    async def task(_: Caller, when: AsOfQuery, task: Id) -> Response:
        """Read a task."""
        return await inquiries.item("tasks", task, when)

    @routes.get("/tasks/{task}/evidence", response_model=Documents)
    async def evidence(_: Caller, when: AsOfQuery, task: Id) -> Response:
        """Read the documents of a task, and of each whether its bytes are stored here."""
        return await inquiries.evidence(task, when)

    @routes.get("/counts/departments", response_model=dict[str, States])
    async def by_department(_: Caller, when: AsOfQuery, decree: Filter = None) -> Response:
        """Count tasks by lead department and state."""
        position = await inquiries.folded(when)
        counts = await inquiries.counts_by_department(decree, when)
        return json_response(counts, headers=standing(position, when))

    @routes.get("/counts/decrees", response_model=dict[str, States])
    async def by_decree(_: Caller, when: AsOfQuery) -> Response:
        """Count tasks by decree and state."""
        position = await inquiries.folded(when)
        return json_response(await inquiries.counts_by_decree(when), headers=standing(position, when))

    return routes
