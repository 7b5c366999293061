"""The endpoint that tells what would change if; it stores nothing."""

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from services.tasks.answers.timetables import Supposed
from services.tasks.requests import Id
from services.tasks.supposing import Dates, Holiday, Lift, Pause, Slip, Step
from services.tasks.suppositions import Suppositions
from shared.contracts.identity import Token
from shared.dossier.form import Day
from shared.service.inquiries import standing
from shared.web import AsOfQuery, Caller, RequestModel, json_response


class HolidayBody(RequestModel):
    """A further official holiday in a calendar."""

    kind: Literal["holiday"]
    calendar: Token
    day: Day

    def step(self) -> Step:
        """The step that it asks for."""
        return Holiday(self.calendar, self.day)


class HoldBody(RequestModel):
    """A hold on the decree, an article or a measure, until a day or with no end."""

    kind: Literal["hold"]
    since: Day
    until: Day | None = None
    article: Token | None = None
    measure: Token | None = None

    def step(self) -> Step:
        """The step that it asks for."""
        return Pause(self.since, self.until, self.article, self.measure)


class LiftBody(RequestModel):
    """The lift of a hold that is open, on a day."""

    kind: Literal["lift"]
    hold: Token
    on: Day

    def step(self) -> Step:
        """The step that it asks for."""
        return Lift(self.hold, self.on)


class DatesBody(RequestModel):
    """Other closing dates of a plan."""

    kind: Literal["dates"]
    plan: Token
    public_on: Day
    official_on: Day

    def step(self) -> Step:
        """The step that it asks for."""
        return Dates(self.plan, self.public_on, self.official_on)


class SlipBody(RequestModel):
    """A task that is done so many working days after its deadline."""

    kind: Literal["slip"]
    task: Token
    working_days: int = Field(ge=1, le=1000)

    def step(self) -> Step:
        """The step that it asks for."""
        return Slip(self.task, self.working_days)


StepBody = Annotated[HolidayBody | HoldBody | LiftBody | DatesBody | SlipBody, Field(discriminator="kind")]


class SuppositionBody(RequestModel):
    """What is supposed, one step after the other."""

    # A list: of a tuple with a wrong element it would be told besides that it is too short.
    steps: list[StepBody] = Field(min_length=1, max_length=20)


def suppositions(supposing: Suppositions) -> APIRouter:
    """Build the endpoint."""
    routes = APIRouter(tags=["suppositions"])

    @routes.post("/decrees/{decree}/suppose", response_model=Supposed)
    async def suppose(reader: Caller, when: AsOfQuery, decree: Id, body: SuppositionBody) -> Response:
        """Tell what a holiday, a hold, a lift, other dates or a slip would change; nothing is stored."""
        position = None if when is None else when.position
        told = await supposing.of_decree(reader, decree, [step.step() for step in body.steps], position)
        return json_response(told, headers=standing(told["position"], when))

    return routes
