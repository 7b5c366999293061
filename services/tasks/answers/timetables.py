"""What is told of the timetable of a plan, and of what is supposed of it."""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime

from services.tasks.answers.tasks import TaskRow
from services.tasks.plan import PlanState
from shared.contracts.text import Text
from shared.web import AnswerModel, shows

Point = date | int
"""A day where the plan has dates, else the number of calendar days from T."""

TOLD = ("task", "number", "title", "department", "state")


@shows(TaskRow, (*TOLD, "days"))
class TaskTiming(AnswerModel):
    """When a task can be done at the earliest and at the latest; `waits_for` is what decides that."""

    earliest_start: Point
    earliest_finish: Point
    latest_start: Point | None
    latest_finish: Point | None
    slack: int | None
    waits_for: str | None
    critical: bool


class CriticalPath(AnswerModel):
    """The timing of every task of a plan, and the chain that decides its end."""

    plan: str
    state: PlanState
    official_on: date | None
    unit: Literal["working-day", "day-from-official-date"]
    ends: Point | None
    critical_path: list[str]
    tasks: list[TaskTiming]
    on: date | None


class Slip(AnswerModel):
    """A day of the baseline and the day of now, with the working days between them."""

    baseline: date | None
    now: date | None
    slipped: int | None


@shows(TaskRow, (*TOLD, "extensions"))
class TaskSlip(Slip):
    """How a task moved; `window_moved` is by how many calendar days its window did relative to T."""

    window_moved: int


class Slippage(AnswerModel):
    """How far a plan moved away from its baseline."""

    plan: str
    baseline: int
    approved_at: AwareDatetime
    official_on: Slip
    end: Slip
    tasks: list[TaskSlip]
    added: list[str]
    dropped: list[str]


class SupposedDeadline(AnswerModel):
    """How a deadline stands, or would stand."""

    due_on: date | None
    suspended: bool
    working_days_left: int | None
    missed: bool


class SupposedDifference(AnswerModel):
    """A deadline that would stand otherwise, and by how many working days it would move."""

    task: str
    plan: str | None
    department: str
    title: Text
    before: SupposedDeadline
    after: SupposedDeadline
    working_days: int | None


class Squeezed(AnswerModel):
    """A task that would be due before one that it needs."""

    task: str
    due_on: date
    needs: str
    which_is_due_on: date


class Supposed(AnswerModel):
    """What would be otherwise after what is supposed, as of a position."""

    decree: str
    position: int
    deadlines: list[SupposedDifference]
    moved: int
    suspended: int
    last_due_on: date | None
    squeezed: list[Squeezed]
