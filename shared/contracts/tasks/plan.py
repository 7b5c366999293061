"""Plans: the tasks of one measure, their dates and their gates."""

from datetime import date, datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from shared.calendar import CalendarVersion, CountsBy, Roll
from shared.contracts.identity import Token
from shared.contracts.registry import StaffOutcome
from shared.contracts.tasks.base import Evidence, TasksEvent


class Outcome(StrEnum):
    """How a task of a plan ended."""

    ACCEPTED = "accepted"
    CANCELLED = "cancelled"


class PlanFact(TasksEvent):
    """What every event of a plan says about it."""

    plan: Token
    decree: Token
    article: Token
    measure: Token
    mission: Token


class PlannedTask(BaseModel):
    """A task of a plan with its number in the procedure and the condition that it gates.

    `added` is said of one that the procedure does not have: a re-plan added it. `counts_by` tells whose
    working days its deadline is counted by.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    task: Token
    number: int
    gate: int | None
    needs_dates: bool = False
    completed_by: str | None = None
    added: bool = False
    counts_by: CountsBy = CountsBy.MINISTRY


class PlanDrafted(PlanFact, type="plan.drafted"):
    """The plan was drawn up from a version of a procedure, with all its tasks; again after it was dropped.

    `drafted_at` is since when, in law: nobody dates, approves or changes the plan as of before it. `host` is
    the country of the mission's host State, where the order told it.
    """

    measure_kind: Token
    receiver: Token | None
    template: Token
    template_version: int
    calendar: Token
    roll: Roll
    warn_days: int = 5
    tasks: tuple[PlannedTask, ...]
    drafted_at: datetime | None = None
    host: str | None = None


class PlanScheduled(PlanFact, type="plan.scheduled"):
    """The plan's tasks got deadlines from the official date T, in place of those by `supersedes`.

    `public_on` is the other closing date: that on which the mission closes to the public. `host_calendar` is
    the calendar of the host State for the tasks that ask for it; where there are such and it is None, the
    host has no calendar here, and they are counted by the ministry's alone.
    """

    public_on: date
    official_on: date
    calendar: Token
    calendar_version: int
    supersedes: date | None
    host_calendar: CalendarVersion | None = None


class PlanTaskSettled(PlanFact, type="plan.task-settled"):
    """A task of the plan was accepted or cancelled; `gate` is None where it does not count for one."""

    task: Token
    number: int
    gate: int | None
    outcome: Outcome
    evidence: tuple[Evidence, ...]


class PlanGateSatisfied(PlanFact, type="plan.gate-satisfied"):
    """Every task of the plan that gates this condition was accepted.

    The dates are those that what was accepted is about: the plan's, or where they changed after a task
    on them was accepted, the ones before. They are None where the plan had none.
    """

    condition: int
    tasks: tuple[Token, ...]
    evidence: tuple[Evidence, ...]
    public_on: date | None = None
    official_on: date | None = None


class PlanChecklistCompleted(PlanFact, type="plan.checklist-completed"):
    """Every condition that the plan gates is satisfied."""

    conditions: tuple[int, ...]


class PlanCompleted(PlanFact, type="plan.completed"):
    """Every task of the plan is accepted or cancelled, and at least one of those that count is accepted."""


class PlanMeasureExecuted(PlanFact, type="plan.measure-executed"):
    """The registry told that the measure of the plan is executed: the plan of a closing is over with that.

    The plan of another measure is over once nothing of it is open besides: its procedure may go on longer.
    """


class PlanStaffOutcomeNoted(PlanFact, type="plan.staff-outcome-noted"):
    """A person posted to the plan's mission has an outcome of its closing; `to_mission` where reassigned.

    Each person has one in a closing. Older logs have outcomes of later closings, and of none, beside them.
    """

    staff: Token
    outcome: StaffOutcome
    to_mission: Token | None
