"""What is told of measures."""

from datetime import date

from pydantic import AwareDatetime

from services.registry.answers.row import ByLaw, Row
from services.registry.measure import MeasureState
from shared.contracts.registry import BlockReason, Feasibility, MeasureListed, RowText
from shared.contracts.text import Text
from shared.web import AnswerModel, shows, sometimes


class RowAmendment(AnswerModel, RowText):
    """What a later decree says of a row, from a day."""

    by: str
    on: date
    since: AwareDatetime


class MeasureStep(AnswerModel):
    """How far a measure has come; `amended_by` took its row out."""

    state: MeasureState
    blocked_by: BlockReason | None
    explanation: Text | None
    since: AwareDatetime
    amended_by: str | None = sometimes()


@shows(MeasureListed, ("mission", "receiver", "target"))
class RowNamed(AnswerModel):
    """What the table of a decree named in a row, or somebody identified, and since when."""

    since: AwareDatetime


class MeasureFacts(Row, MeasureListed):
    """A measure as its row reads, and what amendments say of it.

    `source` and `former_mission` tell of the last identification of what the row left unknown, `added_by` is
    the later decree that added the row.
    """

    blocked_by: BlockReason | None
    explanation: Text | None
    added_by: str | None
    amendments: list[RowAmendment]
    standing: list[MeasureStep]
    named: list[RowNamed]
    source: str | None = sometimes()
    former_mission: str | None = sometimes()


class MeasureRow(MeasureFacts):
    """A measure as it stands now."""

    state: MeasureState


class MeasureByLaw(MeasureFacts, ByLaw):
    """A measure as it was in law at a moment: it has no state and names nothing before it was in a table."""

    state: MeasureState | None


class MeasureStands(AnswerModel):
    """How a measure stands after a command."""

    measure: str
    state: MeasureState
    mission: str | None
    receiver: str | None
    feasibility: Feasibility
    blocked_by: BlockReason | None
