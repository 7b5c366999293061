"""What is told of plans and of their commands."""

from datetime import date

from pydantic import AwareDatetime, Field

from services.tasks.answers.pairs import Fields, Pair
from services.tasks.answers.tasks import TaskRow
from services.tasks.plan import PlanState
from services.tasks.task import TaskState
from services.tasks.timetables import SHOWN
from shared.calendar import CalendarVersion
from shared.contracts.registry import StaffOutcome
from shared.contracts.tasks import PlanApproved, PlanDrafted, PlanStaffOutcomeNoted, TaskTerms
from shared.contracts.text import Text
from shared.web import AnswerModel, shows, sometimes


@shows(PlanApproved, ("baseline", "official_on", "tasks", "reason", "by"))
class Baseline(AnswerModel):
    """What stood when a plan was approved last."""

    approved_at: AwareDatetime


class Went(AnswerModel):
    """What became of somebody who was posted to the mission."""

    outcome: StaffOutcome
    to_mission: str | None


@shows(PlanDrafted, [name for name in PlanDrafted.model_fields if name != "tasks"])
class PlanFacts(AnswerModel):
    """A plan: its dates, its tasks by state, its conditions, and what became of staff."""

    drafted_at: AwareDatetime
    state: PlanState
    reason: str | None
    baseline: Baseline | None
    superseded: list[str]
    gates: dict[str, int | None]
    public_on: date | None
    official_on: date | None
    calendar_version: int | None
    host_calendar: CalendarVersion | None
    states: dict[TaskState, int]
    conditions: list[int]
    satisfied: list[int]
    out_of_reach: list[int]
    checklist_completed: bool
    completed: bool
    executed_at: AwareDatetime | None
    staff: dict[str, Went]
    version: int


class PlanRow(PlanFacts):
    """A plan, with the states of its tasks."""

    tasks: dict[str, TaskState]


class PlanNote(AnswerModel):
    """Why tasks that ask for the calendar of the host State do not count by it."""

    code: str
    country: str | None
    calendar: str | None
    ministry: str
    counted: str | None
    tasks: list[str]
    text: Text


class PlanTold(PlanFacts):
    """A plan, with its tasks."""

    tasks: list[TaskRow]
    notes: list[PlanNote]


class PlanStaffOutcome(AnswerModel, PlanStaffOutcomeNoted):
    """What became of somebody who was posted to the mission of a plan, and since when."""

    effective_at: AwareDatetime


class PlanScheduled(AnswerModel):
    """The dates that a plan has now, how many deadlines are set by them, and which work goes back for them.

    Where nothing had to be set, that alone is told.
    """

    plan: str
    scheduled: int
    official_on: date | None = sometimes()
    calendar: str | None = sometimes()
    calendar_version: int | None = sometimes()
    host_calendar: str | None = sometimes()
    returned: list[str] | None = sometimes()


class PlanApprovedTold(AnswerModel):
    """A plan that was approved, and which baseline that is."""

    plan: str
    state: PlanState
    baseline: int
    tasks: int
    notes: list[PlanNote]


class DeadlineMoved(AnswerModel):
    """A deadline that moved: its day, and the moment at which it is over."""

    task: str
    before: date | None = Field(alias="from")
    after: date = Field(alias="to")
    due_at: Pair[AwareDatetime | None]
    extension: str | None
    misses: bool


class DeadlineKept(AnswerModel):
    """A deadline that stays on the day that was granted, though its rule gives another one now."""

    task: str
    extension: str
    due_on: date
    rule_due_on: date


class PlanDifference(AnswerModel):
    """What a change does to a plan; after it no task can satisfy the conditions `out_of_reach`."""

    plan: str
    dropped: list[str]
    superseded: list[str]
    void: list[int]
    out_of_reach: list[int]


class PlanChanged(PlanDifference):
    """What a re-plan changed; `kept` are settled tasks, which stay where a procedure has them no more."""

    state: PlanState
    template_version: int
    added: list[str]
    changed: list[str]
    moved: list[DeadlineMoved]
    kept_by_extension: list[DeadlineKept]
    kept: list[str] | None = sometimes()


@shows(TaskTerms, SHOWN)
class TaskForeseen(AnswerModel):
    """A task that would be added."""


class TaskChange(AnswerModel):
    """A task that would be something else."""

    task: str
    number: int
    fields: Fields


class PlanPreview(PlanDifference):
    """What moving a plan to the newest version of its procedure would change."""

    before: int | None = Field(alias="from")
    after: int = Field(alias="to")
    added: list[TaskForeseen]
    changed: list[TaskChange]
    kept: list[str]
