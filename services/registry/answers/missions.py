"""What is told of missions."""

from datetime import date

from pydantic import AwareDatetime

from services.registry.answers.row import ByLaw, Row, Span
from services.registry.mission import MissionState
from services.registry.mission.state import Phase
from shared.contracts.registry import MissionRegistered, Reservation
from shared.contracts.text import Text
from shared.web import AnswerModel, shows, sometimes


class Accreditation(Span):
    """A State that the mission answers for, from when to when."""

    state: str


class MissionStage(AnswerModel):
    """A state of a mission, and since when."""

    state: MissionState
    since: AwareDatetime


class MissionRow(Row, MissionRegistered):
    """A mission, who is posted there, what it receives, and how far its closing is.

    `decree` and `measure` name the row of a table that is about it.
    """

    state: MissionState
    decree: str | None
    measure: str | None
    receiver: str | None
    public_on: date | None
    official_on: date | None
    phase: Phase | None
    evidenced: list[int]
    waived: list[int]
    reservations: list[Reservation]
    posted: int
    staff: list[str]
    receives: list[str]
    absorbed: list[str]
    standing: list[MissionStage]
    accredited: list[Accreditation]


@shows(MissionRow)
class MissionByFact(ByLaw):
    """A mission as it was at a moment; no state before it was registered."""

    state: MissionState | None


class MissionStands(AnswerModel):
    """How a mission stands after a command."""

    mission: str
    state: MissionState
    phase: Phase | None


class ClosingDates(AnswerModel):
    """Both closing dates of a mission."""

    mission: str
    public_on: date
    official_on: date


class MissionClosed(AnswerModel):
    """A mission that closed, its measure, who succeeds it, and the conditions that it reserved."""

    mission: str
    state: MissionState
    measure: str
    successor: str | None
    reservations: list[Reservation]


class Waived(AnswerModel):
    """Who answers for a condition that is not met, and the letter in which it is decided."""

    by: str
    reference: str


class ClosingCondition(AnswerModel):
    """One of the twelve conditions, and everything that it lacks."""

    condition: int
    title: Text
    holds: bool
    missing: list[Text]
    waived: Waived | None = sometimes()


class ClosingConditions(AnswerModel):
    """Why a mission is not closed, or that it could be."""

    mission: str
    state: MissionState
    measure: str
    official_on: date | None
    closable: bool
    conditions: list[ClosingCondition]
