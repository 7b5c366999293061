"""What is told of decrees."""

from datetime import date
from typing import Any, Literal

from pydantic import AwareDatetime

from services.registry.answers.row import ByLaw, Row, Span
from services.registry.decree import DecreeState
from shared.contracts.registry import (
    Article,
    DecreeAmended,
    DecreeFinalReportSubmitted,
    DecreeHeld,
    DecreeIssued,
    DecreeRepealed,
    DecreeSuperseded,
    Irreversible,
    MetCondition,
)
from shared.service.made_due import MadeDueBy
from shared.web import AnswerModel, sometimes


class OpenHold(AnswerModel, DecreeHeld):
    """A hold that is open, and how its conditions were met so far."""

    held_at: AwareDatetime
    settled: list[MetCondition]


class HoldSpan(Span):
    """From when to when a hold was in force, and on what: the whole decree where nothing is named."""

    hold: str
    article: str | None
    measure: str | None


class Amendment(AnswerModel, DecreeAmended):
    """What a later decree changed, and since when that counts."""

    since: AwareDatetime


class FinalReport(AnswerModel, DecreeFinalReportSubmitted):
    """The final report, and what became of it."""

    state: Literal["submitted", "returned", "approved"]


class DecreeStage(AnswerModel):
    """A stage of a decree, and since when; holds have spans of their own."""

    state: DecreeState
    since: AwareDatetime


class DecreeFacts(Row, DecreeIssued):
    """A decree as it was issued, what became of it, and what is due about it next."""

    binds_on: date | None
    issued_articles: list[Article]
    amendments: list[Amendment]
    report: FinalReport | None
    ended: DecreeRepealed | DecreeSuperseded | None = sometimes()
    standing: list[DecreeStage]
    all_holds: list[HoldSpan]
    next_at: AwareDatetime | None
    made_due_by: MadeDueBy


class DecreeRow(DecreeFacts):
    """A decree as it stands: `articles` by the order of law, `holds` those that are open."""

    state: DecreeState
    holds: list[OpenHold]


class DecreeByLaw(DecreeFacts, ByLaw):
    """A decree as it was in law at a moment: no state and no articles before it was issued."""

    state: DecreeState | None
    holds: list[HoldSpan]


class DecreeStands(AnswerModel):
    """How a decree stands after a command, and its open holds."""

    decree: str
    state: DecreeState
    holds: list[str]


class DecreeChanged(AnswerModel):
    """How a decree stands after a later one changed or ended it, and what that cannot undo."""

    decree: str
    state: DecreeState
    irreversible: list[Irreversible]


class SupposedEvent(AnswerModel):
    """An event that would be recorded; its data is that of its type in the AsyncAPI document."""

    stream: str
    type: str
    data: dict[str, Any]


class AmendmentSupposed(AnswerModel):
    """What an amendment would do, as of a position, and what it could not undo."""

    decree: str
    position: int
    irreversible: list[Irreversible]
    events: list[SupposedEvent]
