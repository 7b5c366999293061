"""The endpoints: parse, call, render."""

from fastapi import APIRouter
from starlette.responses import Response

from services.tasks.application import Tasks
from services.tasks.http_deadlines import deadlines, more_time
from services.tasks.http_declarations import declarations
from services.tasks.inquiries import TaskInquiries
from services.tasks.requests import Assignment, Documents, Filter, Id, Missed, Refused, Submission
from services.tasks.task import TaskState
from shared.service.inquiries import standing, versioned
from shared.web import AsOfQuery, Caller, Instruct, PageQuery, answered, json_response


def router(tasks: Tasks) -> APIRouter:
    """Build every endpoint of the service."""
    routes = APIRouter()
    inquiries = tasks.inquiries
    for part in (
        _task_commands(tasks),
        more_time(tasks),
        declarations(tasks),
        _tasks(inquiries),
        deadlines(inquiries),
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
        return answered(await tasks.attach_evidence(by, task, body.evidence, body.must_be_stored))

    @routes.post("/tasks/{task}/submit")
    async def submit(by: Instruct, task: Id, body: Submission) -> Response:
        """Hand the work in."""
        return answered(await tasks.submit_task(by, task, body.evidence, body.must_be_stored))

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


def _tasks(inquiries: TaskInquiries) -> APIRouter:
    routes = APIRouter(tags=["tasks"])

    @routes.get("/tasks")
    async def listed(
        _: Caller,
        query: PageQuery,
        when: AsOfQuery,
        decree: Filter = None,
        measure: Filter = None,
        mission: Filter = None,
        department: Filter = None,
        plan: Filter = None,
        state: TaskState | None = None,
        missed: Missed = None,
    ) -> Response:
        """List tasks, filtered by what is given."""
        where = {
            "decree": decree,
            "measure": measure,
            "mission": mission,
            "department": department,
            "plan": plan,
            "state": state,
            "missed": missed,
        }
        return await inquiries.listed("tasks", query, where, when)

    @routes.get("/tasks/{task}")
    async def task(_: Caller, when: AsOfQuery, task: Id) -> Response:
        """Read a task."""
        return await inquiries.item("tasks", task, when)

    @routes.get("/tasks/{task}/evidence")
    async def evidence(_: Caller, when: AsOfQuery, task: Id) -> Response:
        """Read the documents of a task, and of each whether its bytes are stored here."""
        return await inquiries.evidence(task, when)

    @routes.get("/counts/departments")
    async def by_department(_: Caller, when: AsOfQuery, decree: Filter = None) -> Response:
        """Count tasks by lead department and state."""
        position = await inquiries.folded(when)
        counts = await inquiries.counts_by_department(decree, when)
        return json_response(counts, headers=standing(position, when))

    @routes.get("/counts/decrees")
    async def by_decree(_: Caller, when: AsOfQuery) -> Response:
        """Count tasks by decree and state."""
        position = await inquiries.folded(when)
        return json_response(await inquiries.counts_by_decree(when), headers=standing(position, when))

    return routes


def _plans(tasks: Tasks, inquiries: TaskInquiries) -> APIRouter:
    routes = APIRouter(tags=["plans"])

    @routes.get("/plans")
    async def plans(
        _: Caller, query: PageQuery, when: AsOfQuery, decree: Filter = None, mission: Filter = None
    ) -> Response:
        """List plans with their counts, conditions and T."""
        return await inquiries.listed("plans", query, {"decree": decree, "mission": mission}, when)

    @routes.get("/plans/{plan}")
    async def plan(_: Caller, when: AsOfQuery, plan: Id) -> Response:
        """Read a plan with its tasks."""
        position = await inquiries.folded(when)
        return versioned(await inquiries.plan(plan, when), position, when)

    @routes.post("/plans/{plan}/reschedule")
    async def reschedule(by: Instruct, plan: Id) -> Response:
        """Compute the deadlines again under the newest version of the plan's calendar."""
        return answered(await tasks.reschedule_plan(by, plan))

    @routes.post("/decrees/{decree}/reschedule")
    async def reschedule_decree(by: Instruct, decree: Id) -> Response:
        """Compute the deadlines of the decree's own tasks again under the newest version of the calendar.

        The tasks of its plans are dated by their plans.
        """
        return answered(await tasks.reschedule_decree(by, decree))

    return routes
