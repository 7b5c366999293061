"""The endpoints of indicators, and of what this service knows of holds and of staff."""

from typing import Literal

from fastapi import APIRouter
from starlette.responses import Response

from services.tasks.answers.indicators import IndicatorRow, IndicatorStands
from services.tasks.answers.overview import HoldRow
from services.tasks.answers.plans import PlanStaffOutcome
from services.tasks.bodies_meetings import Defining, Measured
from services.tasks.indicator import IndicatorState
from services.tasks.indicators import Indicators
from services.tasks.inquiries import TaskInquiries
from services.tasks.requests import Filter, Id, Refused
from shared.contracts.registry import StaffOutcome
from shared.web import AsOfQuery, Caller, Instruct, Items, PageQuery, answered


def indicator_routes(indicators: Indicators, inquiries: TaskInquiries) -> APIRouter:
    """Build the endpoints of indicators."""
    routes = APIRouter(tags=["indicators"])

    @routes.post("/indicators", response_model=IndicatorStands, status_code=201)
    async def define(by: Instruct, body: Defining) -> Response:
        """Define an indicator of a decree's objective, with a target that is still to come."""
        outcome = await indicators.define(by, body.indicator, body.decree, body.calendar, body.terms())
        return answered(outcome)

    @routes.post("/indicators/{indicator}/measurements", response_model=IndicatorStands)
    async def measure(by: Instruct, indicator: Id, body: Measured) -> Response:
        """Tell the value of a day; one that was told before is superseded, and stays in the history."""
        outcome = await indicators.measure(by, indicator, body.value, body.on, body.source, body.evidence)
        return answered(outcome)

    @routes.post("/indicators/{indicator}/withdraw", response_model=IndicatorStands)
    async def withdraw(by: Instruct, indicator: Id, body: Refused) -> Response:
        """Give an indicator up before its target's day is over."""
        return answered(await indicators.withdraw(by, indicator, body.reason))

    @routes.get("/indicators", response_model=Items[IndicatorRow])
    async def listed(
        _: Caller,
        query: PageQuery,
        when: AsOfQuery,
        decree: Filter = None,
        objective: Filter = None,
        mission: Filter = None,
        state: IndicatorState | None = None,
    ) -> Response:
        """List indicators with values and trend, filtered by what is given."""
        where = {"decree": decree, "objective": objective, "mission": mission, "state": state}
        return await inquiries.listed("indicators", query, where, when)

    @routes.get("/indicators/{indicator}", response_model=IndicatorRow)
    async def indicator(_: Caller, when: AsOfQuery, indicator: Id) -> Response:
        """Read an indicator."""
        return await inquiries.item("indicators", indicator, when)

    return routes


def decree_reads(inquiries: TaskInquiries) -> APIRouter:
    """Build the endpoints that tell of holds and of staff outcomes, as deadlines and plans follow them."""
    routes = APIRouter(tags=["decrees"])

    @routes.get("/holds", response_model=Items[HoldRow])
    async def holds(
        _: Caller,
        query: PageQuery,
        when: AsOfQuery,
        decree: Filter = None,
        state: Literal["open", "lifted"] | None = None,
    ) -> Response:
        """List the holds by which clocks stand or stood."""
        return await inquiries.listed("holds", query, {"decree": decree, "state": state}, when)

    @routes.get("/outcomes", response_model=Items[PlanStaffOutcome])
    async def outcomes(
        _: Caller,
        query: PageQuery,
        when: AsOfQuery,
        decree: Filter = None,
        mission: Filter = None,
        plan: Filter = None,
        outcome: StaffOutcome | None = None,
    ) -> Response:
        """List what became of people, by pseudonym, who were posted to missions that plans are about."""
        where = {"decree": decree, "mission": mission, "plan": plan, "outcome": outcome}
        return await inquiries.listed("outcomes", query, where, when)

    return routes
