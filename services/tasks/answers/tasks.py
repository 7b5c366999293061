"""What is told of tasks, and of what does not go on."""

from datetime import date

from pydantic import AwareDatetime

from services.tasks.answers.deadlines import Due, Miss
from services.tasks.deadline import DeadlineState
from services.tasks.standstills import SHOWN
from services.tasks.task import TaskState
from services.tasks.views.tasks import RENAMED
from shared.contracts.tasks import Completion, Evidence, MissGround, TaskCommented, TaskPlanned
from shared.contracts.text import Text
from shared.web import AnswerModel, shows


@shows(TaskPlanned, renamed=RENAMED)
class TaskRow(Due):
    """A task: what it is to be, who has it, how it stands and until when."""

    state: TaskState
    evidence: list[Evidence]
    assignee: str | None
    parts_done: list[str]
    blocked: str | None
    comments: int
    waiver: str | None
    completion: Completion | None
    reason: str | None
    deadline_state: DeadlineState
    missed: bool
    misses: list[Miss]
    submitted_at: AwareDatetime | None
    submitted_recorded_at: AwareDatetime | None
    settled_at: AwareDatetime | None
    changed_at: AwareDatetime
    version: int


class TaskStands(AnswerModel):
    """How a task stands after a command."""

    task: str
    state: TaskState
    department: str
    due_on: date | None


@shows(TaskCommented, ("task", "number", "text", "by"))
class CommentTold(AnswerModel):
    """What somebody said about a task."""

    recorded_at: AwareDatetime
    effective_at: AwareDatetime


class Document(AnswerModel, Evidence):
    """A document of a task, and whether its bytes are stored here now."""

    stored: bool


class Documents(AnswerModel):
    """The documents of a task."""

    task: str
    items: list[Document]


class BlockingHold(AnswerModel):
    """An open hold that covers a task."""

    hold: str
    since: AwareDatetime
    reason: Text
    article: str | None
    measure: str | None


@shows(
    TaskRow,
    ("task", "number", "title", "department", "assignee", "state", "due_on", "missed", "extensions"),
)
class Prerequisite(AnswerModel):
    """An open task that is needed, and what it lacks; `needs` are the open ones that it needs itself."""

    reported: str | None
    missing_evidence: Text | None
    missing_parts: list[str]
    needs: list[str]


class Blockers(AnswerModel):
    """What blocks a task; each prerequisite comes after those that it needs, and `roots` wait for none."""

    task: str
    state: TaskState
    blocked: bool
    reported: str | None
    dates_missing: bool
    holds: list[BlockingHold]
    prerequisites: list[Prerequisite]
    roots: list[str]


@shows(TaskRow, SHOWN)
class LateTask(AnswerModel):
    """A deadline that is missed, and how late it is on a day."""

    on: date
    late_working_days: int
    handed_in: bool
    misses: int
    qualified: bool
    grounds: list[MissGround]
    extensions: int


class LateCounts(AnswerModel):
    """How many deadlines a department misses now, and how many it ever missed.

    Of those, how many have anything beside a miss, and of how many nothing was due any more.
    """

    late: int
    missed: int
    qualified: int
    taken_away: int
