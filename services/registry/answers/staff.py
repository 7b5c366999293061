"""What is told of staff, by role; and who they are, to those who may know."""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime

from services.registry.answers.row import ByLaw, Row, Span
from services.registry.staff.person import PersonalData
from services.registry.staff.state import StaffState
from shared.contracts.registry import StaffOverdueQualified, StaffPosted
from shared.service.made_due import MadeDueBy
from shared.web import AnswerModel, shows, sometimes


class PostingEnd(AnswerModel):
    """How a posting ended, by whose decision."""

    outcome: Literal["reassigned", "recalled", "separated"]
    mission: str
    by: str
    reference: str | None


class PostingSpan(Span):
    """Where a person was posted, from when to when."""

    mission: str


@shows(StaffOverdueQualified, ("ground", "effective_at"))
class OverdueQualified(AnswerModel):
    """What was so before a last day had passed, and was told after it."""


class OverduePosting(AnswerModel):
    """A last day that passed though nobody had ended the posting, and what stands beside that."""

    mission: str
    ends_on: date
    qualified: list[OverdueQualified]


@shows(StaffPosted)
class StaffRow(Row):
    """A staff member: the present posting with its term, and the past ones."""

    mission: str | None
    state: StaffState
    near: bool
    overdue: bool
    outcomes: list[PostingEnd]
    postings: list[PostingSpan]
    overdue_postings: list[OverduePosting]
    personal_data: PersonalData
    next_at: AwareDatetime | None
    made_due_by: MadeDueBy | None


class StaffByFact(StaffRow, ByLaw):
    """A staff member, with the mission of a moment."""


class PostingStands(AnswerModel):
    """How a posting stands after a command."""

    staff: str
    state: StaffState
    mission: str | None
    ends_on: date | None


class PersonTold(AnswerModel):
    """Personal data by field; where it is `erased` or `lost`, each field says that."""

    staff: str
    version: int
    personal_data: PersonalData | Literal["lost"]
    recorded_in: int | None = sometimes()
    person: dict[str, str]


class PersonRecorded(AnswerModel):
    """That personal data is there now."""

    staff: str
    personal_data: PersonalData


class PersonErased(PersonRecorded):
    """That personal data is erased, and what became of its key."""

    key: Literal["destroyed", "pending"]
