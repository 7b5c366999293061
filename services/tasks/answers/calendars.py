"""What is told of working calendars, and of deadlines under them."""

from datetime import date

from pydantic import AwareDatetime

from services.tasks.answers.pairs import Pair
from services.tasks.answers.plans import DeadlineMoved
from services.tasks.answers.tasks import TaskRow
from services.tasks.deadline import DeadlineState
from shared.calendar import (
    CalendarVersion,
    ChangedDay,
    CountsBy,
    Day,
    Deadline,
    ExplainedDay,
    WorkingCalendar,
)
from shared.service.answers import EventTold
from shared.web import AnswerModel, shows


class CalendarNamed(AnswerModel):
    """A version of a calendar."""

    calendar: str
    version: int
    label: str


class CalendarOfCountry(CalendarNamed):
    """A version of a calendar, and the country whose it is, where it is one's."""

    country: str | None


class CalendarVersionTold(EventTold):
    """A version of a calendar whole, with the event that made it."""

    calendar: WorkingCalendar


class CalendarDays(CalendarNamed):
    """Every day of a span: whether it works, and why not."""

    days: list[Day]
    working_days: int


class Explained(AnswerModel):
    """A deadline, told day by day; `more_days` says that there are more than are told."""

    deadline: Deadline
    days: list[ExplainedDay]
    more_days: bool


class Reckoned(CalendarNamed, Explained):
    """What a rule gives."""


class Reckoning(Explained):
    """How the deadline of a task was reckoned; `due_on` is after what was granted and after holds."""

    task: str
    counts_by: CountsBy
    host: str | None
    calendars: list[CalendarOfCountry]
    extension: str | None
    suspended_since: date | None
    due_on: date


class CalendarApplied(AnswerModel):
    """The version by which deadlines are computed now, and which moved."""

    calendar: str
    version: int
    moved: list[DeadlineMoved]


class ReckonedUnder(AnswerModel):
    """Under which calendars a deadline is computed, and when it is over."""

    calendar: str
    calendar_version: int
    also: list[CalendarVersion]
    due_on: date
    due_at: AwareDatetime


class WouldBe(ReckonedUnder):
    """What a deadline would be under the newest version."""

    provisional: bool
    suspended_since: date | None


class Ground(AnswerModel):
    """The document by which a holiday was changed, and why."""

    reference: str
    reason: str
    version: int


class Because(AnswerModel, ChangedDay):
    """A day that works otherwise now, with the last change of it, where one is known."""

    ground: Ground | None


@shows(TaskRow, ("task", "plan", "decree", "meeting", "mission", "department", "title"))
@shows(Deadline, ("rule", "roll", "anchored_on"))
class AffectedDeadline(ReckonedUnder):
    """A deadline that the newest version of a calendar would move, to when, and why."""

    state: DeadlineState
    extension: str | None
    counts_by: CountsBy
    would_be: WouldBe
    moves_by_days: int
    misses: bool
    because: list[Because]
    zone: Pair[str] | None
