"""Tasks: who does them, and what shows that they are done."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.calendar import CountsBy, Roll
from shared.contracts.identity import Token
from shared.contracts.tasks.base import Evidence, TasksEvent
from shared.contracts.text import Text


class TaskFact(TasksEvent):
    """What every event of a task says about it; `plan` is missing for a task of the decree itself.

    So is `decree` for a task of a meeting that was not about one.
    Where an event has `by`, that is the subject who acted, and after it the one on whose behalf.
    `department` leads the task, and `co_executors` take part in it; some events of before do not tell these.
    """

    task: Token
    plan: Token | None
    decree: Token | None
    article: Token | None
    measure: Token | None
    mission: Token | None
    department: Token
    co_executors: tuple[Token, ...] = ()


class TaskTerms(TaskFact):
    """What a task is to be: `department` leads it, `needs` are the tasks to be accepted before it starts.

    `opens` and `due` are deadline rules, to be computed once the date that they name is known; from
    `warn_days` working days before the deadline on, it is approaching (never where that is 0). The work takes
    `days` working days. `completed_by` names the event of the registry with which it is done by itself.
    `template` is missing where a meeting wanted the task, by its `decision`.

    `calendar` is the ministry's. Where `counts_by` asks for that of the host State, `host` is the country of
    that State, where it is known.
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
    of_receiver: bool = False
    days: int = 1
    completed_by: str | None = None
    counts_by: CountsBy = CountsBy.MINISTRY
    host: str | None = None


class TaskPlanned(TaskTerms, type="task.planned"):
    """A task exists. `planned_at` is since when, in law: no step of the task is effective earlier."""

    planned_at: datetime | None = None
    meeting: Token | None = None
    decision: Token | None = None


class TaskReplanned(TaskTerms, type="task.replanned"):
    """The task is to be something else from now on, by a change of its plan; what was done of it stays."""

    reason: str
    by: tuple[str, ...]


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


class Completion(BaseModel):
    """The event of another service that shows by itself that a task is done.

    `at` is its effective moment and `recorded_at` when that service recorded it; `in_time` judges the first
    by the deadline as it stood when the task was completed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    event: str
    event_id: UUID
    at: datetime
    recorded_at: datetime
    in_time: bool


class TaskAccepted(TaskFact, type="task.accepted"):
    """Somebody other than the doers accepted the work and its evidence, or an event completed it by itself.

    `waived_parts` are the co-executors that had not reported their parts as done, and `waiver` why whoever
    accepted did without. `completion` is there where the procedure lets an event complete the task.
    """

    number: int
    gate: int | None
    evidence: tuple[Evidence, ...]
    by: tuple[str, ...]
    waived_parts: tuple[Token, ...] = ()
    waiver: str | None = None
    completion: Completion | None = None


class TaskReturned(TaskFact, type="task.returned"):
    """The work went back to its doers."""

    returned_at: datetime
    reason: str
    by: tuple[str, ...]


class TaskCancelled(TaskFact, type="task.cancelled"):
    """The task is no longer to be done and is not waited for; a condition that it gates stays unmet."""

    reason: str
    by: tuple[str, ...]


class TaskPartReported(TaskFact, type="task.part-reported"):
    """A co-executor, `part`, said that its part of the work is done, or that it is not done after all."""

    part: Token
    done: bool
    by: tuple[str, ...]


class TaskCommented(TaskFact, type="task.commented"):
    """Somebody said something about the task. `text` is published as it is: it must tell nothing personal."""

    number: int
    text: str
    by: tuple[str, ...]


class TaskBlocked(TaskFact, type="task.blocked"):
    """Something that no rule here knows keeps the work from going on; its clock runs on all the same."""

    reason: str
    by: tuple[str, ...]
    blocked_at: datetime | None = None


class TaskUnblocked(TaskFact, type="task.unblocked"):
    """What blocked the task is out of the way."""

    by: tuple[str, ...]
