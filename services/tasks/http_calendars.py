"""The endpoints of a calendar's days and holidays."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from services.tasks.answers.calendars import (
    AffectedDeadline,
    CalendarApplied,
    CalendarDays,
    CalendarNamed,
    Reckoned,
)
from services.tasks.application import Tasks
from services.tasks.bodies_calendars import Approval, MovedHoliday, NewHoliday, RevokedHoliday
from services.tasks.requests import Filter, Id
from shared.calendar import Roll
from shared.contracts.identity import Token
from shared.dossier.form import Day
from shared.web import AsOfQuery, Caller, Instruct, Items, PageQuery, answered

Version = Annotated[int | None, Query(ge=1, le=1_000_000, description="A version; the newest otherwise.")]
Also = Annotated[
    list[Token], Query(max_length=5, description="Calendars in which the day must be a working day as well.")
]
OfHoliday = Annotated[Day, Path(description="The day of a holiday.")]


def calendars(tasks: Tasks) -> APIRouter:
    """Build the endpoints of a calendar's days and holidays."""
    routes, inquiries, use = APIRouter(tags=["calendars"]), tasks.inquiries.calendars, tasks.calendars

    @routes.post("/calendars/{calendar}/holidays", response_model=CalendarNamed)
    async def declare(by: Instruct, calendar: Id, body: NewHoliday) -> Response:
        """Declare a holiday: the next version of the calendar. No deadline moves before that is approved."""
        return answered(await use.declare_holiday(by, calendar, body.holiday, body.grounds))

    @routes.post("/calendars/{calendar}/holidays/{day}/move", response_model=CalendarNamed)
    async def move(by: Instruct, calendar: Id, day: OfHoliday, body: MovedHoliday) -> Response:
        """Move a holiday to another day: the next version of the calendar."""
        return answered(await use.move_holiday(by, calendar, day, body.to, body.basis, body.grounds))

    @routes.post("/calendars/{calendar}/holidays/{day}/revoke", response_model=CalendarNamed)
    async def revoke(by: Instruct, calendar: Id, day: OfHoliday, body: RevokedHoliday) -> Response:
        """Revoke a holiday: the next version of the calendar."""
        return answered(await use.revoke_holiday(by, calendar, day, body.grounds))

    @routes.get("/calendars/{calendar}/affected", response_model=Items[AffectedDeadline])
    async def affected(
        _: Caller,
        query: PageQuery,
        when: AsOfQuery,
        calendar: Id,
        from_version: Annotated[
            int | None, Query(ge=1, le=1_000_000, description="Those that stand under this version only.")
        ] = None,
        plan: Filter = None,
        decree: Filter = None,
        meeting: Filter = None,
    ) -> Response:
        """List the deadlines that the newest version would move, to when, and the changed days that do it."""
        named = {"plan": plan, "decree": decree, "meeting": meeting}
        where = {name: value for name, value in named.items() if value is not None}
        return await tasks.inquiries.affected.affected(calendar, query, where, from_version, when)

    @routes.post("/calendars/{calendar}/apply", response_model=CalendarApplied)
    async def apply(by: Instruct, calendar: Id, body: Approval) -> Response:
        """Approve the newest version for a plan, a meeting, or a decree with all its plans: deadlines move.

        What was granted stands, holds are given back again, and what was missed stays missed.
        """
        named = {"plan": body.plan, "decree": body.decree, "meeting": body.meeting}
        return answered(await use.apply(by, calendar, body.version, **named))

    @routes.get("/calendars/{calendar}/days", response_model=CalendarDays)
    async def days(
        _: Caller,
        when: AsOfQuery,
        calendar: Id,
        start: Annotated[Day, Query(alias="from")],
        end: Annotated[Day, Query(alias="to")],
        version: Version = None,
    ) -> Response:
        """Tell each day of a span: whether it is a working day, and why not."""
        return await inquiries.days(calendar, start, end, version, when)

    @routes.get("/calendars/{calendar}/reckon", response_model=Reckoned)
    async def reckon(
        _: Caller,
        when: AsOfQuery,
        calendar: Id,
        rule: Annotated[str, Query(min_length=1, max_length=120, examples=["10 working days after x"])],
        anchor: Annotated[Day, Query(description="The day that the rule counts from.")],
        roll: Roll = Roll.FORWARD,
        also: Also = [],  # noqa: B006 - read only, and a list is what a query parameter that repeats is
        version: Version = None,
    ) -> Response:
        """Try a rule: the deadline that it gives, told day by day. Nothing is stored."""
        return await inquiries.reckon(calendar, rule, anchor, roll, also, version, when)

    return routes
