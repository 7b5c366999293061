"""What is told of measures."""

from datetime import date

from services.registry.answers.row import Row
from services.registry.measure import MeasureState
from shared.contracts.registry import BlockReason, Feasibility, MeasureListed, RowText
from shared.contracts.text import Text
from shared.web import AnswerModel, sometimes


class RowAmendment(AnswerModel, RowText):
    """What a later decree says of a row, from a day."""

    by: str
    on: date


class MeasureRow(Row, MeasureListed):
    """A measure as its row reads and stands now, with what amendments say of it.

    `source` and `former_mission` tell of the last identification of what the row left unknown.
    """

    state: MeasureState
    blocked_by: BlockReason | None
    explanation: Text | None
    amendments: list[RowAmendment]
    source: str | None = sometimes()
    former_mission: str | None = sometimes()


class MeasureStands(AnswerModel):
    """How a measure stands after a command."""

    measure: str
    state: MeasureState
    mission: str | None
    receiver: str | None
    feasibility: Feasibility
    blocked_by: BlockReason | None
