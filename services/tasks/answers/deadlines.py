"""What is told of deadlines and of extensions."""

from datetime import date

from pydantic import AwareDatetime

from services.tasks.deadline import DeadlineState
from services.tasks.extension import ExtensionState
from services.tasks.views.deadlines import ABOUT
from shared.calendar import CalendarVersion, CountsBy, Deadline
from shared.contracts.tasks import DeadlineMissed, DeadlineMissQualified, ExtensionRequested, TaskPlanned
from shared.service.made_due import MadeDueBy
from shared.web import AnswerModel, shows


@shows(DeadlineMissQualified, ("ground", "hold", "effective_at", "submitted_recorded_at", "reason"))
class MissQualified(AnswerModel):
    """What stands beside a miss."""


@shows(DeadlineMissed, ("due_on", "due_at", "late", "already_past"))
class Miss(AnswerModel):
    """A due day that passed, for good, and what qualifies that."""

    qualified: list[MissQualified]


class Due(AnswerModel):
    """Until when something is to be done, if that is set; `deadline` is what the rule gave."""

    opens_on: date | None
    due_on: date | None
    due_at: AwareDatetime | None
    deadline: Deadline | None
    calendar_version: int | None
    also: list[CalendarVersion]
    provisional: bool | None
    already_past: bool | None
    approached: list[date]
    extensions: int


class DeadlineStanding(Due):
    """How a deadline stands."""

    state: DeadlineState
    calendar: str | None
    warn_at: AwareDatetime | None
    suspended_since: date | None
    working_days_left: int | None
    made_due_by: MadeDueBy | None
    submitted_at: AwareDatetime | None
    submitted_recorded_at: AwareDatetime | None
    on_time: bool | None


class StoodSince(DeadlineStanding):
    """How a deadline stood since a moment in law and fact."""

    since: AwareDatetime


class TaskStep(AnswerModel):
    """Who has a task, and whether it is handed in."""

    department: str
    handed_in: bool
    handed_in_at: AwareDatetime | None


class SteppedSince(TaskStep):
    """The same since a moment in law and fact."""

    since: AwareDatetime


@shows(TaskPlanned, ABOUT)
class DeadlineRow(DeadlineStanding, TaskStep):
    """The deadline of a task, its misses and its history by the clock of law and fact."""

    counts_by: CountsBy
    host: str | None
    missed: bool
    misses: list[Miss]
    qualified: bool
    missed_plainly: bool
    taken_away: bool
    version: int
    standing: list[StoodSince]
    steps: list[SteppedSince]
    next_at: AwareDatetime | None


class DeadlineByLaw(DeadlineRow):
    """A deadline as it was in law and fact at a moment."""

    effective_at: AwareDatetime


class ExtensionRow(AnswerModel, ExtensionRequested):
    """An extension: who asked for how much time and why, and what was decided."""

    requested_at: AwareDatetime
    state: ExtensionState
    granted_until: date | None
    decision: str | None
    decided_by: list[str] | None
    decided_at: AwareDatetime | None
    version: int


class ExtensionStands(AnswerModel):
    """How an extension stands after a command, and the day that is asked for or granted."""

    extension: str
    task: str
    state: ExtensionState
    until: date
