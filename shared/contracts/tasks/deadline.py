"""Deadlines: set by a rule, stopped and resumed by holds, extended, met or missed; and extensions.

A deadline is an aggregate of its own, under the id of its task.
"""

from datetime import date, datetime
from enum import StrEnum

from shared.calendar import CalendarVersion, Deadline
from shared.contracts.identity import Token
from shared.contracts.tasks.base import TasksEvent
from shared.contracts.text import Text


class DeadlineFact(TasksEvent):
    """What every event of a deadline, or of an extension of it, says about its task.

    `department` leads it, and `co_executors` take part in it; events of before do not tell these.
    """

    task: Token
    plan: Token | None
    decree: Token | None
    article: Token | None
    measure: Token | None
    mission: Token | None
    department: Token
    co_executors: tuple[Token, ...] = ()


class DeadlineSet(DeadlineFact, type="deadline.set"):
    """The task has a deadline by its rule; `supersedes` is the one it had before.

    `due_on` is the day of `deadline`, or after a recomputation under a newer version of the calendar that of
    the `extension` which still stands. Holds count against the day of the rule from `runs_from` on, and
    against one that was granted from the day that its grant tells. `warn_at` is the moment from which the
    deadline is approaching, where it is told at all. `provisional` says that `due_on` depends on a day whose
    holidays the calendar does not know, `already_past` that it was over when it was set. `set_at` is from
    when on it stands, at the latest when it is recorded: what follows it is not earlier. `handed_in_at` is
    as of when the work was handed in, where that was before there was a deadline.
    """

    opens_on: date | None
    deadline: Deadline
    due_on: date
    due_at: datetime
    warn_at: datetime | None
    runs_from: date
    provisional: bool
    already_past: bool
    extension: Token | None
    supersedes: Deadline | None
    set_at: datetime | None = None
    handed_in_at: datetime | None = None


class DeadlineApproaching(DeadlineFact, type="deadline.approaching"):
    """The deadline is near, and the work is not handed in. `working_days_left` counts the last day."""

    due_on: date
    due_at: datetime
    working_days_left: int


class DeadlineMissed(DeadlineFact, type="deadline.missed"):
    """The deadline passed and the work was not handed in: for good, whatever comes later.

    `late` says that it was recorded more than 60 seconds after it could have been: after `due_at`, or after
    the event that put `due_at` into the past. `already_past` says that the due day was over when it was set,
    so that nobody could have kept it. `extensions` counts those that had been granted. `also` are the
    calendars beside the first under which it stood. The event is effective at `due_at`.
    """

    due_on: date
    due_at: datetime
    calendar: Token
    calendar_version: int
    extensions: int
    late: bool
    already_past: bool
    also: tuple[CalendarVersion, ...] = ()


class MissGround(StrEnum):
    """What became known here after the miss and took effect before it, or held when it happened.

    By `drop` the task was taken away: its row, its article or its decree was, the mission was opened again,
    or somebody gave it up. By `move` another day was due: other dates, another window, more time.
    """

    HOLD = "hold"
    SUBMISSION = "submission"
    DROP = "drop"
    MOVE = "move"


class DeadlineMissQualified(DeadlineFact, type="deadline.miss-qualified"):
    """Something took effect before the miss and became known here after it. The miss stays, this beside it.

    `hold` names the hold where the ground is one: it became known after the miss, or was in force at the due
    moment. Where the ground is a submission, `effective_at` is when the work is said to have been handed in,
    and `submitted_recorded_at` when that was recorded. `reason` tells what else took the deadline away, and
    `effective_at` since when.
    """

    due_on: date
    ground: MissGround
    effective_at: datetime
    reason: Text
    hold: Token | None = None
    submitted_recorded_at: datetime | None = None


class DeadlineMoved(DeadlineFact):
    """What every event says by which a deadline that is set stands otherwise: under which calendar.

    `also` are the calendars beside the first in which its days must be working days. `provisional` says that
    `due_on` depends on a day whose holidays a calendar does not know.
    """

    calendar: Token
    calendar_version: int
    provisional: bool
    also: tuple[CalendarVersion, ...] = ()


class DeadlineSuspended(DeadlineMoved, type="deadline.suspended"):
    """A hold stopped the clock from `since` on; `working_days_left` are kept until it resumes."""

    hold: Token
    since: date
    due_on: date
    due_at: datetime
    working_days_left: int


class DeadlineResumed(DeadlineMoved, type="deadline.resumed"):
    """The last hold that covered it was lifted: the working days that were left count from `since` on.

    `hold` is the one that ended last of those that moved the due day. `already_past` says that the due day
    was over when this was recorded.
    """

    hold: Token
    since: date
    due_on: date
    due_at: datetime
    warn_at: datetime | None
    supersedes_due_on: date
    working_days_left: int
    already_past: bool


class DeadlineExtended(DeadlineMoved, type="deadline.extended"):
    """An extension was granted. Holds count from `runs_from` on; events of before do not tell it."""

    extension: Token
    due_on: date
    due_at: datetime
    warn_at: datetime | None
    supersedes_due_on: date
    runs_from: date | None = None


class DeadlineMet(DeadlineFact, type="deadline.met"):
    """The work was accepted; `on_time` says whether it had been handed in before the deadline passed.

    That is judged by the deadline as it stood when the work was handed in. `submitted_at` is when that is
    said to have been, and `submitted_recorded_at` when it was recorded: what is claimed afterwards can be
    told by the two. Acceptance, which is another person's, is what confirms the claim.
    """

    due_on: date
    submitted_at: datetime
    submitted_recorded_at: datetime
    on_time: bool


class DeadlineDropped(DeadlineFact, type="deadline.dropped"):
    """The task was cancelled, and nothing is due any more."""

    due_on: date


class ExtensionRequested(DeadlineFact, type="extension.requested"):
    """More time was asked for, until the day `until`; `due_on` is the deadline of then.

    `by_department` is the department of whoever asked, where they have one: none of it decides, and none of
    the department that leads the task. No decision is of before `requested_at`.
    """

    extension: Token
    due_on: date
    until: date
    reason: str
    by: tuple[str, ...]
    by_department: str | None
    requested_at: datetime | None = None


class ExtensionGranted(DeadlineFact, type="extension.granted"):
    """The issuer or the controller granted more time, until the working day `until`."""

    extension: Token
    until: date
    reason: str
    by: tuple[str, ...]
    decided_at: datetime | None = None


class ExtensionRefused(DeadlineFact, type="extension.refused"):
    """The issuer or the controller refused more time."""

    extension: Token
    reason: str
    by: tuple[str, ...]
    decided_at: datetime | None = None
