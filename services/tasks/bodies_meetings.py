"""The bodies of the endpoints of meetings and of indicators."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from fastapi import Path
from pydantic import AwareDatetime, Field, model_validator

from services.tasks.indicator import Terms
from services.tasks.meeting import Call
from services.tasks.requests import Reason
from services.tasks.resolutions import Wanted
from shared.calendar import CountsBy, Roll
from shared.contracts.country import Country
from shared.contracts.identity import TOKEN_PATTERN, Token
from shared.contracts.tasks import AgendaItem, DecisionOutcome, Direction, Evidence, Participant
from shared.contracts.text import Text, WrongValue
from shared.dossier.form import Day
from shared.web import RequestModel

Named = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,48}$")]
"""The id of a meeting, with room left for its decisions and their tasks: ``-d12-t01``."""

MeetingId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,48}$")]
DecisionId = Annotated[str, Path(pattern=TOKEN_PATTERN)]

Number = Annotated[Decimal, Field(strict=False, max_digits=18, decimal_places=6, allow_inf_nan=False)]
"""A decimal number, as a number or as a text."""


class Calling(RequestModel):
    """A meeting that is called: who chairs it, who is invited, and what it is to speak about."""

    meeting: Named
    decree: Token | None = None
    title: Text
    at: AwareDatetime
    calendar: Token
    chair: Participant
    deputy: Participant | None = None
    invited: tuple[Participant, ...] = Field(default=(), max_length=100)
    agenda: tuple[AgendaItem, ...] = Field(default=(), max_length=50)
    follows: Named | None = None

    def call(self) -> Call:
        """What the meeting is called with."""
        return Call(
            decree=self.decree,
            title=self.title,
            at=self.at,
            calendar=self.calendar,
            chair=self.chair,
            deputy=self.deputy,
            invited=self.invited,
            agenda=self.agenda,
            follows=self.follows,
        )


class Postponing(RequestModel):
    """Another moment for a meeting, and why."""

    at: AwareDatetime
    reason: Reason


class Agenda(RequestModel):
    """Another agenda."""

    agenda: tuple[AgendaItem, ...] = Field(max_length=50)


class Attendance(RequestModel):
    """Who came; `chaired_by` where somebody else than the chair who was named chaired it."""

    chaired_by: Participant | None = None
    present: tuple[Participant, ...] = Field(default=(), max_length=200)


class WantedTask(RequestModel):
    """A task of a decision, due by a rule such as ``10 working days after held_on``, or on a day.

    Where it counts by the calendar of a host State (`counts_by` is `host` or `both`), `host` is the country.
    """

    title: Text
    lead: Token
    co_executors: tuple[Token, ...] = Field(default=(), max_length=50)
    due: str | None = Field(default=None, max_length=100)
    due_on: Day | None = None
    roll: Roll = Roll.BACK
    warn_days: int = Field(default=5, ge=0, le=60)
    workstream: Token = "meeting"
    article: Token | None = None
    evidence: Text | None = None
    counts_by: CountsBy = CountsBy.MINISTRY
    host: Country | None = None

    @model_validator(mode="after")
    def _is_due(self) -> "WantedTask":
        if (self.due is None) == (self.due_on is None):
            raise WrongValue(en="give either due or due_on", ar="اذكر due أو due_on، أحدهما فقط")
        if self.counts_by.asks_host != (self.host is not None):
            raise WrongValue(
                en="give the country of the host State where it counts by that calendar, and only then",
                ar="اذكر بلد الدولة المضيفة حيث يُحسب بتقويمها، وعندها فقط",
            )
        return self

    def wanted(self) -> Wanted:
        """What the decision wants."""
        due: str | date | None = self.due if self.due_on is None else self.due_on
        assert due is not None
        return Wanted(
            title=self.title,
            lead=self.lead,
            co_executors=self.co_executors,
            due=due,
            roll=self.roll,
            warn_days=self.warn_days,
            workstream=self.workstream,
            article=self.article,
            evidence=self.evidence,
            counts_by=self.counts_by,
            host=self.host,
        )


class Deciding(RequestModel):
    """A decision, the item of the agenda that it is about, and the tasks that carry it out."""

    text: Text
    item: Token | None = None
    tasks: tuple[WantedTask, ...] = Field(default=(), max_length=50)


class Settling(RequestModel):
    """What became of a decision that has no tasks."""

    outcome: DecisionOutcome
    note: Reason
    evidence: tuple[Evidence, ...] = Field(default=(), max_length=20)


class Minutes(RequestModel):
    """The document of the minutes."""

    minutes: Evidence


class Defining(RequestModel):
    """An indicator of an objective: from the baseline, the target is to be reached by its day."""

    indicator: Token
    decree: Token
    objective: Token
    mission: Token | None = None
    name: Text
    unit: Text
    direction: Direction
    baseline: Number
    baseline_on: Day | None = None
    target: Number
    target_on: Day
    calendar: Token

    def terms(self) -> Terms:
        """What the indicator is defined with."""
        return Terms(
            objective=self.objective,
            mission=self.mission,
            name=self.name,
            unit=self.unit,
            direction=self.direction,
            baseline=self.baseline,
            baseline_on=self.baseline_on,
            target=self.target,
            target_on=self.target_on,
        )


class Measured(RequestModel):
    """The value of a day, and where it is from."""

    value: Number
    on: Day
    source: Reason
    evidence: Evidence | None = None
