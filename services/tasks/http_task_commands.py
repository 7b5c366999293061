"""The endpoints of the steps of a task."""

from fastapi import APIRouter
from starlette.responses import Response

from services.tasks.answers.tasks import TaskStands
from services.tasks.application import Tasks
from services.tasks.requests import Acceptance, Assignment, Documents, Id, Refused, Submission
from shared.web import Instruct, answered


def task_commands(tasks: Tasks) -> APIRouter:
    """Build the endpoints of the steps of a task."""
    routes = APIRouter(tags=["tasks"])

    @routes.post("/tasks/{task}/assign", response_model=TaskStands)
    async def assign(by: Instruct, task: Id, body: Assignment) -> Response:
        """Give a task to its lead department, or to another one."""
        outcome = await tasks.assign_task(by, task, body.lead, body.co_executors, body.assignee)
        return answered(outcome)

    @routes.post("/tasks/{task}/start", response_model=TaskStands)
    async def start(by: Instruct, task: Id) -> Response:
        """Begin the work; refused while a prerequisite is open."""
        return answered(await tasks.start_task(by, task))

    @routes.post("/tasks/{task}/attach", response_model=TaskStands)
    async def attach(by: Instruct, task: Id, body: Documents) -> Response:
        """Attach evidence."""
        documents = tuple(body.evidence)
        return answered(await tasks.attach_evidence(by, task, documents, body.must_be_stored))

    @routes.post("/tasks/{task}/submit", response_model=TaskStands)
    async def submit(by: Instruct, task: Id, body: Submission) -> Response:
        """Hand the work in."""
        return answered(await tasks.submit_task(by, task, body.evidence, body.must_be_stored))

    @routes.post("/tasks/{task}/accept", response_model=TaskStands)
    async def accept(by: Instruct, task: Id, body: Acceptance | None = None) -> Response:
        """Accept the work; refused to its doers, and without a waiver while a co-executor's part is open."""
        return answered(await tasks.accept_task(by, task, None if body is None else body.waiver))

    @routes.post("/tasks/{task}/return", response_model=TaskStands)
    async def send_back(by: Instruct, task: Id, body: Refused) -> Response:
        """Return the work to its doers."""
        return answered(await tasks.return_task(by, task, body.reason))

    @routes.post("/tasks/{task}/cancel", response_model=TaskStands)
    async def cancel(by: Instruct, task: Id, body: Refused) -> Response:
        """Give the task up."""
        return answered(await tasks.cancel_task(by, task, body.reason))

    return routes
