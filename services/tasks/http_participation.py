"""The endpoints of those who take part in a task: parts, comments, and what blocks it."""

from fastapi import APIRouter
from starlette.responses import Response

from services.tasks.answers.tasks import CommentTold, TaskStands
from services.tasks.application import Tasks
from services.tasks.requests import Comment, Id, Part, Refused
from shared.web import AsOfQuery, Caller, Instruct, Items, PageQuery, answered


def participation(tasks: Tasks) -> APIRouter:
    """Build the endpoints beside the steps of a task."""
    routes, participating = APIRouter(tags=["tasks"]), tasks.participating

    @routes.post("/tasks/{task}/part", response_model=TaskStands)
    async def part(by: Instruct, task: Id, body: Part) -> Response:
        """Report the part of a co-executor as done, or as not done after all."""
        return answered(await participating.report_part(by, task, body.done, body.department))

    @routes.post("/tasks/{task}/comments", response_model=TaskStands)
    async def comment(by: Instruct, task: Id, body: Comment) -> Response:
        """Say something about a task; it is published as it is."""
        return answered(await participating.comment(by, task, body.text))

    @routes.get("/tasks/{task}/comments", response_model=Items[CommentTold])
    async def comments(_: Caller, query: PageQuery, when: AsOfQuery, task: Id) -> Response:
        """List what was said about a task, the oldest first."""
        return await tasks.inquiries.listed("comments", query, {"task": task}, when)

    @routes.post("/tasks/{task}/block", response_model=TaskStands)
    async def block(by: Instruct, task: Id, body: Refused) -> Response:
        """Say what keeps the work from going on; its clock runs on all the same."""
        return answered(await participating.block(by, task, body.reason))

    @routes.post("/tasks/{task}/unblock", response_model=TaskStands)
    async def unblock(by: Instruct, task: Id) -> Response:
        """Say that what blocked the work is out of the way."""
        return answered(await participating.unblock(by, task))

    return routes
