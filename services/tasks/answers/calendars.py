"""What is told of working calendars, and of deadlines under them."""

from datetime import date
from typing import Literal

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
    Stopped,
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


class CalendarDeclared(CalendarOfCountry):
    """The version that was declared, whose it makes the calendar, and whose it is no longer."""

    no_longer_of: str | None


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


class ReckoningStep(AnswerModel):
    """What leads to a day; it is the one before where nothing moves."""

    step: int
    due_on: date


@shows(Deadline, ("rule", "anchored_on", "raw"))
class StepOfRule(ReckoningStep):
    """What the rule gives."""

    kind: Literal["rule"]


class StepOfExtension(ReckoningStep):
    """More time until a day, and whether it counts: the day of the rule may be a later one."""

    kind: Literal["extension"]
    extension: str
    until: date
    counts: bool


class HoldDays(AnswerModel):
    """From which day to which a hold stopped the clock; with no end it still does."""

    hold: str
    since: date
    until: date | None


@shows(Stopped, ("since", "until", "due_before", "working_days_left"))
class StepOfHolds(ReckoningStep):
    """Holds that stopped the clock without a pause, and the working days that were left."""

    kind: Literal["hold"]
    holds: list[HoldDays]


class StepDay(AnswerModel, ExplainedDay):
    """A day, and of which step it is."""

    step: int


class RuleWindow(AnswerModel):
    """What the rule gave since a moment, and by what that differs from what it gave before."""

    set_at: AwareDatetime
    recorded_at: AwareDatetime
    because: list[Literal["dates", "window", "calendar"]]
    deadline: Deadline


class Reckoning(AnswerModel):
    """How a deadline came to its day, step by step and day by day, the last of which is `due_on`.

    `deadline` is what the rule gives now; `more_days` says that days in the middle are left out.
    """

    task: str
    counts_by: CountsBy
    host: str | None
    calendars: list[CalendarOfCountry]
    deadline: Deadline
    windows: list[RuleWindow]
    steps: list[StepOfRule | StepOfExtension | StepOfHolds]
    days: list[StepDay]
    more_days: bool
    holds_that_moved_nothing: list[HoldDays]
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
