"""The endpoints of deadlines and of extensions."""

from fastapi import APIRouter
from starlette.responses import Response

from services.tasks.answers.calendars import Reckoning
from services.tasks.answers.deadlines import DeadlineByLaw, DeadlineRow, ExtensionRow, ExtensionStands
from services.tasks.application import Tasks
from services.tasks.deadline import DeadlineState
from services.tasks.extension import ExtensionState
from services.tasks.inquiries import TaskInquiries
from services.tasks.requests import About, Extendable, Filter, Granting, Id, Missed, MoreTime, Refused
from shared.web import AsOfQuery, Caller, EffectiveQuery, Instruct, Items, PageQuery, answered


def deadlines(inquiries: TaskInquiries) -> APIRouter:
    """Build the endpoints that read deadlines and extensions."""
    routes = APIRouter(tags=["deadlines"])

    @routes.get("/deadlines", response_model=Items[DeadlineRow])
    async def listed(
        _: Caller,
        scope: About,
        query: PageQuery,
        when: AsOfQuery,
        plan: Filter = None,
        meeting: Filter = None,
        state: DeadlineState | None = None,
        missed: Missed = None,
        qualified: Missed = None,
        missed_plainly: Missed = None,
        taken_away: Missed = None,
    ) -> Response:
        """List deadlines with their misses, filtered by what is given; `missed` is about any due day.

        `qualified` asks for misses with anything beside them, `missed_plainly` for those with nothing,
        `taken_away` for those of a day on which nothing was due any more: the task was dropped, or another
        day set, before it.
        """
        where = {"plan": plan, "meeting": meeting, "state": state, "missed": missed}
        where |= {"qualified": qualified, "missed_plainly": missed_plainly, "taken_away": taken_away}
        return await inquiries.listed("deadlines", query, scope | where, when)

    @routes.get("/deadlines/{task}", response_model=DeadlineRow | DeadlineByLaw)
    async def deadline(_: Caller, when: AsOfQuery, task: Id, effective_at: EffectiveQuery = None) -> Response:
        """Read the deadline of a task; its state is `none` until it is set.

        With `effective_at`: all of it as it was in law and fact then, by what is known now.
        """
        return await inquiries.item("deadlines", task, when, effective_at)

    @routes.get("/deadlines/{task}/reckoning", response_model=Reckoning)
    async def reckoning(_: Caller, when: AsOfQuery, task: Id) -> Response:
        """Tell how the deadline came to its day: its rule, more time, holds, and of each day off why it is.

        The days are told step by step; the last one is the day that is due.
        """
        return await inquiries.calendars.reckoning(task, when)

    @routes.get("/extensions", response_model=Items[ExtensionRow])
    async def extensions(
        _: Caller,
        scope: About,
        query: PageQuery,
        when: AsOfQuery,
        task: Filter = None,
        state: ExtensionState | None = None,
    ) -> Response:
        """List extensions, filtered by what is given."""
        where = {"task": task, "state": state}
        return await inquiries.listed("extensions", query, scope | where, when)

    @routes.get("/extensions/{extension}", response_model=ExtensionRow)
    async def extension(_: Caller, when: AsOfQuery, extension: Id) -> Response:
        """Read an extension with its decision."""
        return await inquiries.item("extensions", extension, when)

    return routes


def more_time(tasks: Tasks) -> APIRouter:
    """Build the endpoints that ask for extensions and decide on them."""
    routes = APIRouter(tags=["deadlines"])

    @routes.post("/tasks/{task}/extensions", response_model=ExtensionStands, status_code=201)
    async def request(by: Instruct, task: Extendable, body: MoreTime) -> Response:
        """Ask for more time, until a day after the present deadline; one request of a task at a time."""
        return answered(await tasks.extensions.request(by, task, body.until, body.reason))

    @routes.post("/extensions/{extension}/grant", response_model=ExtensionStands)
    async def grant(by: Instruct, extension: Id, body: Granting) -> Response:
        """Grant more time; for the issuer or the controller, not of the task's lead nor whoever asked.

        The day is rolled to a working day. An extension stands when the calendar changes; a new T sets the
        deadline anew by its rule.
        """
        return answered(await tasks.extensions.grant(by, extension, body.until, body.reason))

    @routes.post("/extensions/{extension}/refuse", response_model=ExtensionStands)
    async def refuse(by: Instruct, extension: Id, body: Refused) -> Response:
        """Refuse more time; for those who may grant it."""
        return answered(await tasks.extensions.refuse(by, extension, body.reason))

    return routes
