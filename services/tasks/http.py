"""The endpoints: parse, call, render."""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from services.tasks.application import Tasks
from services.tasks.inquiries import Inquiries
from services.tasks.requests import Assignment, Documents, Filter, Id, Refused, Submission
from services.tasks.task import TaskState
from services.tasks.template import TemplateProposal
from shared.calendar import CalendarDeclaration
from shared.web import Caller, Instruct, PageQuery, answered, json_response, page

Version = Annotated[int, Path(ge=1, le=1_000_000)]


def router(tasks: Tasks, inquiries: Inquiries) -> APIRouter:
    """Build every endpoint of the service."""
    routes = APIRouter()
    for part in (
        _task_commands(tasks),
        _declarations(tasks, inquiries),
        _tasks(inquiries),
        _plans(tasks, inquiries),
    ):
        routes.include_router(part)
    return routes


def _task_commands(tasks: Tasks) -> APIRouter:
    routes = APIRouter(tags=["tasks"])

    @routes.post("/tasks/{task}/assign")
    async def assign(by: Instruct, task: Id, body: Assignment) -> Response:
        """Give a task to its lead department, or to another one."""
        outcome = await tasks.assign_task(by, task, body.lead, body.co_executors, body.assignee)
        return answered(outcome)

    @routes.post("/tasks/{task}/start")
    async def start(by: Instruct, task: Id) -> Response:
        """Begin the work; refused while a prerequisite is open."""
        return answered(await tasks.start_task(by, task))

    @routes.post("/tasks/{task}/attach")
    async def attach(by: Instruct, task: Id, body: Documents) -> Response:
        """Attach evidence."""
        return answered(await tasks.attach_evidence(by, task, body.evidence))

    @routes.post("/tasks/{task}/submit")
    async def submit(by: Instruct, task: Id, body: Submission) -> Response:
        """Hand the work in."""
        return answered(await tasks.submit_task(by, task, body.evidence))

    @routes.post("/tasks/{task}/accept")
    async def accept(by: Instruct, task: Id) -> Response:
        """Accept the work; refused to those who did it."""
        return answered(await tasks.accept_task(by, task))

    @routes.post("/tasks/{task}/return")
    async def send_back(by: Instruct, task: Id, body: Refused) -> Response:
        """Return the work to its doers."""
        return answered(await tasks.return_task(by, task, body.reason))

    @routes.post("/tasks/{task}/cancel")
    async def cancel(by: Instruct, task: Id, body: Refused) -> Response:
        """Give the task up."""
        return answered(await tasks.cancel_task(by, task, body.reason))

    return routes


def _declarations(tasks: Tasks, inquiries: Inquiries) -> APIRouter:
    routes = APIRouter(tags=["declarations"])

    @routes.post("/templates/{template}", status_code=201)
    async def adopt(by: Instruct, template: Id, body: TemplateProposal) -> Response:
        """Adopt the next version of a procedure."""
        return answered(await tasks.adopt_template(by, template, body))

    @routes.get("/templates")
    async def templates(_: Caller, query: PageQuery) -> Response:
        """List procedures, each in its newest version."""
        rows = await inquiries.rows("templates", {}, query.after, query.limit)
        return page(rows, query, position=inquiries.position)

    @routes.get("/templates/{template}")
    async def template(_: Caller, template: Id) -> Response:
        """Read the newest version of a procedure."""
        row = await inquiries.row("templates", "template", template)
        return json_response(row, headers={"ETag": f'"{row["version"]}"'})

    @routes.get("/templates/{template}/versions/{version}")
    async def template_version(_: Caller, template: Id, version: Version) -> Response:
        """Read a version of a procedure as it was adopted."""
        return json_response(await inquiries.declared_version("template", template, version))

    @routes.post("/calendars/{calendar}", status_code=201)
    async def declare(by: Instruct, calendar: Id, body: CalendarDeclaration) -> Response:
        """Declare the next version of a calendar."""
        return answered(await tasks.declare_calendar(by, calendar, body))

    @routes.get("/calendars")
    async def calendars(_: Caller, query: PageQuery) -> Response:
        """List calendars, each in its newest version."""
        rows = await inquiries.rows("calendars", {}, query.after, query.limit)
        return page(rows, query, position=inquiries.position)

    @routes.get("/calendars/{calendar}")
    async def calendar(_: Caller, calendar: Id) -> Response:
        """Read the newest version of a calendar."""
        row = await inquiries.row("calendars", "calendar", calendar)
        return json_response(row, headers={"ETag": f'"{row["version"]}"'})

    @routes.get("/calendars/{calendar}/versions/{version}")
    async def calendar_version(_: Caller, calendar: Id, version: Version) -> Response:
        """Read a version of a calendar as it was declared."""
        return json_response(await inquiries.declared_version("calendar", calendar, version))

    return routes


def _tasks(inquiries: Inquiries) -> APIRouter:
    routes = APIRouter(tags=["tasks"])

    @routes.get("/tasks")
    async def listed(
        _: Caller,
        query: PageQuery,
        decree: Filter = None,
        measure: Filter = None,
        mission: Filter = None,
        department: Filter = None,
        state: TaskState | None = None,
    ) -> Response:
        """List tasks, filtered by what is given."""
        where = {
            "decree": decree,
            "measure": measure,
            "mission": mission,
            "department": department,
            "state": state,
        }
        rows = await inquiries.rows("tasks", where, query.after, query.limit)
        return page(rows, query, position=inquiries.position)

    @routes.get("/tasks/{task}")
    async def task(_: Caller, task: Id) -> Response:
        """Read a task."""
        row = await inquiries.row("tasks", "task", task)
        return json_response(row, headers={"ETag": f'"{row["version"]}"'})

    @routes.get("/counts/departments")
    async def by_department(_: Caller, decree: Filter = None) -> Response:
        """Count tasks by lead department and state."""
        return json_response(await inquiries.counts_by_department(decree))

    @routes.get("/counts/decrees")
    async def by_decree(_: Caller) -> Response:
        """Count tasks by decree and state."""
        return json_response(await inquiries.counts_by_decree())

    @routes.get("/streams/{kind}/{id}")
    async def history(_: Caller, kind: Id, id: Id) -> Response:
        """Tell everything that happened to an aggregate, in order."""
        return json_response({"items": await inquiries.history(kind, id)})

    return routes


def _plans(tasks: Tasks, inquiries: Inquiries) -> APIRouter:
    routes = APIRouter(tags=["plans"])

    @routes.get("/plans")
    async def plans(_: Caller, query: PageQuery, decree: Filter = None, mission: Filter = None) -> Response:
        """List plans with their counts, conditions and T."""
        rows = await inquiries.rows("plans", {"decree": decree, "mission": mission}, query.after, query.limit)
        return page(rows, query, position=inquiries.position)

    @routes.get("/plans/{plan}")
    async def plan(_: Caller, plan: Id) -> Response:
        """Read a plan with its tasks."""
        row = await inquiries.plan(plan)
        return json_response(row, headers={"ETag": f'"{row["version"]}"'})

    @routes.post("/plans/{plan}/reschedule")
    async def reschedule(by: Instruct, plan: Id) -> Response:
        """Compute the deadlines again under the newest version of the plan's calendar."""
        return answered(await tasks.reschedule_plan(by, plan))

    return routes
