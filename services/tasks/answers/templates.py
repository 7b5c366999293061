"""What is told of procedures."""

from pydantic import AwareDatetime, Field

from services.tasks.answers.pairs import Fields
from shared.contracts.tasks import DecreeTask, ProcedureTask, TemplateAdopted
from shared.web import AnswerModel, shows


class TemplateRow(AnswerModel, TemplateAdopted):
    """The newest version of a procedure."""


@shows(TemplateAdopted)
class TemplateVersionRow(AnswerModel):
    """A version of a procedure, without its tasks: how many there are."""

    tasks: int
    decree_tasks: int
    adopted_at: AwareDatetime


class Adopted(AnswerModel):
    """The version that was adopted."""

    template: str
    version: int
    tasks: int


class StepChanged(AnswerModel):
    """A task of a procedure that is otherwise."""

    number: int
    fields: Fields


class StepsChanged(AnswerModel):
    """Which tasks of a procedure were added, dropped and changed."""

    added: list[ProcedureTask]
    dropped: list[ProcedureTask]
    changed: list[StepChanged]


class DecreeStepsChanged(AnswerModel):
    """Which tasks of the decree itself were added, dropped and changed."""

    added: list[DecreeTask]
    dropped: list[DecreeTask]
    changed: list[StepChanged]


class TemplateDifference(AnswerModel):
    """What a version of a procedure has otherwise than another."""

    template: str
    before: int = Field(alias="from")
    after: int = Field(alias="to")
    changed: Fields
    tasks: StepsChanged
    decree_tasks: DecreeStepsChanged
