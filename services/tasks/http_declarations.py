"""The endpoints of calendars."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from services.tasks.answers.calendars import CalendarDeclared, CalendarVersionTold
from services.tasks.application import Tasks
from services.tasks.requests import Id
from shared.calendar import CalendarDeclaration, WorkingCalendar
from shared.contracts.country import Country
from shared.web import AsOfQuery, Caller, Instruct, Items, PageQuery, answered

Version = Annotated[int, Path(ge=1, le=1_000_000)]


def declarations(tasks: Tasks) -> APIRouter:
    """Build the endpoints of calendars."""
    routes, inquiries = APIRouter(tags=["declarations"]), tasks.inquiries

    @routes.post("/calendars/{calendar}", response_model=CalendarDeclared, status_code=201)
    async def declare(by: Instruct, calendar: Id, body: CalendarDeclaration) -> Response:
        """Declare the next version of a calendar; where it names a country, it is the calendar of that."""
        return answered(await tasks.declare_calendar(by, calendar, body))

    @routes.get("/calendars", response_model=Items[WorkingCalendar])
    async def calendars(
        _: Caller,
        query: PageQuery,
        when: AsOfQuery,
        country: Annotated[Country | None, Query(description="The calendar of this country.")] = None,
    ) -> Response:
        """List calendars, each in its newest version."""
        return await inquiries.listed("calendars", query, {"country": country}, when)

    @routes.get("/calendars/{calendar}", response_model=WorkingCalendar)
    async def calendar(_: Caller, when: AsOfQuery, calendar: Id) -> Response:
        """Read the newest version of a calendar."""
        return await inquiries.item("calendars", calendar, when)

    @routes.get("/calendars/{calendar}/versions/{version}", response_model=CalendarVersionTold)
    async def calendar_version(_: Caller, when: AsOfQuery, calendar: Id, version: Version) -> Response:
        """Read a version of a calendar whole, with the event that made it."""
        return await inquiries.calendars.version(calendar, version, when)

    return routes
