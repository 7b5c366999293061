"""What is told of escalations and of the ladders that they climb."""

from datetime import date

from pydantic import AwareDatetime

from services.tasks.escalation import EscalationState
from services.tasks.views.escalations import ABOUT, ANSWERED, TAKEN
from shared.contracts.tasks import (
    EscalationAcknowledged,
    EscalationBegun,
    EscalationEnding,
    EscalationRaised,
    Ladder,
)
from shared.service.made_due import MadeDueBy
from shared.web import AnswerModel, shows


class PolicyRow(AnswerModel, Ladder):
    """The newest ladder of a policy."""

    policy: str
    version: int


class PolicyDeclared(AnswerModel):
    """The version of a policy that was declared."""

    policy: str
    version: int
    label: str


@shows(EscalationRaised, TAKEN)
class StepTaken(AnswerModel):
    """A step of the ladder that was taken."""


@shows(EscalationAcknowledged, ANSWERED)
class StepAnswered(AnswerModel):
    """An answer for a step."""


@shows(
    EscalationBegun,
    (*ABOUT, "department", "policy", "policy_version", "due_on", "counted_from", "next_at"),
)
class EscalationRow(AnswerModel):
    """The escalation of a task: the steps taken, who answers for them, and when the next is due."""

    state: EscalationState
    step: int
    steps: int | None
    taken: list[StepTaken]
    answered: list[StepAnswered]
    ended: EscalationEnding | None
    ladders: int
    version: int
    changed_at: AwareDatetime
    made_due_by: MadeDueBy


class StepAcknowledged(AnswerModel):
    """The step for which somebody answers, and until which day."""

    task: str
    step: int
    until: date
