"""The events of the service `tasks`: procedures, calendars, plans and tasks."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

from shared.calendar import Deadline, Roll, Window, WorkingCalendar
from shared.contracts.event import Event
from shared.contracts.identity import Token
from shared.contracts.registry import StaffOutcome
from shared.contracts.text import Text


class TasksEvent(Event, service="tasks"):
    """The base of every event of this service."""


class Evidence(BaseModel):
    """A document that shows a task is done: its name, its SHA-256 in hex, its letter number if it has one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    document: str = Field(min_length=1, max_length=200)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    letter_number: str | None = Field(default=None, min_length=1, max_length=64)


def _window(told: Any) -> Any:
    return Window.parse(told) if isinstance(told, str) else told


WrittenWindow = Annotated[Window, BeforeValidator(_window), PlainSerializer(str, return_type=str)]
"""A window in the form in which people write it, ``-30..0`` or ``-165``, as a procedure is proposed."""


class ProcedureTask(BaseModel):
    """One task of a procedure. `gate` numbers the closing condition that its evidence satisfies.

    A task that `needs_dates` is about the closing dates themselves: it is handed in once they are set,
    and for no others.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    workstream: Token
    title: Text
    lead: Token
    co_executors: tuple[Token, ...] = ()
    needs: tuple[int, ...] = ()
    window: WrittenWindow
    evidence: Text | None = None
    gate: int | None = None
    needs_dates: bool = False


class DecreeTask(BaseModel):
    """A task that a procedure asks of the decree itself, once, by a rule of its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    workstream: Token
    title: Text
    lead: Token
    co_executors: tuple[Token, ...] = ()
    due: str
    roll: Roll
    evidence: Text | None = None


class Outcome(StrEnum):
    """How a task of a plan ended."""

    ACCEPTED = "accepted"
    CANCELLED = "cancelled"


class DepartmentNoted(TasksEvent, type="department.noted"):
    """A department became known to this service."""

    department: Token
    name: Text


class CalendarDeclared(TasksEvent, type="calendar.declared"):
    """A version of a working calendar was declared; later computations use it, earlier ones stay."""

    calendar: WorkingCalendar


class TemplateAdopted(TasksEvent, type="template.adopted"):
    """A version of a procedure was adopted. Windows are calendar days relative to the official date T."""

    template: Token
    version: int
    label: str
    title: Text
    calendar: Token
    roll: Roll
    tasks: tuple[ProcedureTask, ...]
    decree_tasks: tuple[DecreeTask, ...]


class MissionPlanned(TasksEvent, type="mission.planned"):
    """A plan concerns this mission."""

    mission: Token
    plan: Token


class PlanFact(TasksEvent):
    """What every event of a plan says about it."""

    plan: Token
    decree: Token
    article: Token
    measure: Token
    mission: Token


class PlannedTask(BaseModel):
    """A task of a plan with its number in the procedure and the condition that it gates."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    task: Token
    number: int
    gate: int | None
    needs_dates: bool = False


class PlanDrafted(PlanFact, type="plan.drafted"):
    """The plan was drawn up from a version of a procedure, with all its tasks."""

    measure_kind: Token
    receiver: Token | None
    template: Token
    template_version: int
    calendar: Token
    roll: Roll
    tasks: tuple[PlannedTask, ...]


class PlanScheduled(PlanFact, type="plan.scheduled"):
    """The plan's tasks got deadlines from the official date T, in place of those by `supersedes`.

    `public_on` is the other closing date: that on which the mission closes to the public.
    """

    public_on: date
    official_on: date
    calendar: Token
    calendar_version: int
    supersedes: date | None


class PlanTaskSettled(PlanFact, type="plan.task-settled"):
    """A task of the plan was accepted or cancelled."""

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
    """Every task of the plan is accepted or cancelled."""


class PlanStaffOutcomeNoted(PlanFact, type="plan.staff-outcome-noted"):
    """A person posted to the plan's mission has an outcome; `to_mission` where reassigned."""

    staff: Token
    outcome: StaffOutcome
    to_mission: Token | None


class TaskFact(TasksEvent):
    """What every event of a task says about it; `plan` is missing for a task of the decree itself.

    Where an event has `by`, that is the subject who acted, and after it the one on whose behalf.
    """

    task: Token
    plan: Token | None
    decree: Token
    article: Token | None
    measure: Token | None
    mission: Token | None
    department: Token


class TaskPlanned(TaskFact, type="task.planned"):
    """A task exists; `department` leads it, `needs` are the tasks to be accepted before it starts.

    `opens` and `due` are deadline rules, to be computed once the date that they name is known.
    """

    number: int
    workstream: Token
    title: Text
    co_executors: tuple[Token, ...]
    needs: tuple[Token, ...]
    opens: str | None
    due: str
    roll: Roll
    calendar: Token
    evidence: Text | None
    gate: int | None
    template: Token
    template_version: int
    needs_dates: bool = False


class TaskScheduled(TaskFact, type="task.scheduled"):
    """The task has a deadline; `supersedes` is the one it had before."""

    opens_on: date | None
    deadline: Deadline
    supersedes: Deadline | None


class TaskAssigned(TaskFact, type="task.assigned"):
    """The lead department has the task; `assignee` is the subject that is to do it, if one is named."""

    co_executors: tuple[Token, ...]
    assignee: str | None
    by: tuple[str, ...]


class TaskStarted(TaskFact, type="task.started"):
    """Work began, or began again after a return."""

    by: tuple[str, ...]


class TaskEvidenceAttached(TaskFact, type="task.evidence-attached"):
    """Documents were added to the task."""

    evidence: tuple[Evidence, ...]
    by: tuple[str, ...]


class TaskSubmitted(TaskFact, type="task.submitted"):
    """The work was handed in; `evidence` is everything that supports it by now."""

    evidence: tuple[Evidence, ...]
    by: tuple[str, ...]


class TaskAccepted(TaskFact, type="task.accepted"):
    """Somebody other than the doers accepted the work and its evidence."""

    number: int
    gate: int | None
    evidence: tuple[Evidence, ...]
    by: tuple[str, ...]


class TaskReturned(TaskFact, type="task.returned"):
    """The work went back to its doers."""

    reason: str
    by: tuple[str, ...]


class TaskCancelled(TaskFact, type="task.cancelled"):
    """The task is no longer to be done and is not waited for; a condition that it gates stays unmet."""

    reason: str
    by: tuple[str, ...]
