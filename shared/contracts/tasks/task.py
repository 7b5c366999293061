"""Tasks: who does them, and what shows that they are done."""

from datetime import datetime

from shared.calendar import Roll
from shared.contracts.identity import Token
from shared.contracts.tasks.base import Evidence, TasksEvent
from shared.contracts.text import Text


class TaskFact(TasksEvent):
    """What every event of a task says about it; `plan` is missing for a task of the decree itself.

    So is `decree` for a task of a meeting that was not about one.
    Where an event has `by`, that is the subject who acted, and after it the one on whose behalf.
    """

    task: Token
    plan: Token | None
    decree: Token | None
    article: Token | None
    measure: Token | None
    mission: Token | None
    department: Token


class TaskPlanned(TaskFact, type="task.planned"):
    """A task exists; `department` leads it, `needs` are the tasks to be accepted before it starts.

    `opens` and `due` are deadline rules, to be computed once the date that they name is known; from
    `warn_days` working days before the deadline on, it is approaching (never where that is 0). `planned_at`
    is when it was recorded: no step of the task is effective earlier. `template` is missing where a meeting
    wanted the task, by its `decision`.
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
    template: Token | None
    template_version: int | None
    warn_days: int = 5
    needs_dates: bool = False
    planned_at: datetime | None = None
    meeting: Token | None = None
    decision: Token | None = None


class TaskAssigned(TaskFact, type="task.assigned"):
    """The lead department has the task; `assignee` is the subject that is to do it, if one is named."""

    assigned_at: datetime
    co_executors: tuple[Token, ...]
    assignee: str | None
    by: tuple[str, ...]


class TaskStarted(TaskFact, type="task.started"):
    """Work began, or began again after a return."""

    started_at: datetime
    by: tuple[str, ...]


class TaskEvidenceAttached(TaskFact, type="task.evidence-attached"):
    """Documents were added to the task."""

    evidence: tuple[Evidence, ...]
    by: tuple[str, ...]


class TaskSubmitted(TaskFact, type="task.submitted"):
    """The work was handed in at `submitted_at`; `evidence` is everything that supports it by now.

    `submitted_at` is what those who hand it in say, and `submitted_recorded_at` when they said it. `in_time`
    judges the first by the deadline as it stood at the second.
    """

    submitted_at: datetime
    submitted_recorded_at: datetime
    in_time: bool
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

    returned_at: datetime
    reason: str
    by: tuple[str, ...]


class TaskCancelled(TaskFact, type="task.cancelled"):
    """The task is no longer to be done and is not waited for; a condition that it gates stays unmet."""

    reason: str
    by: tuple[str, ...]
