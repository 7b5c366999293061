"""Deadlines: set by a rule, stopped and resumed by holds, extended, met or missed; and extensions.

A deadline is an aggregate of its own, under the id of its task.
"""

from datetime import date, datetime
from enum import StrEnum

from shared.calendar import Deadline
from shared.contracts.identity import Token
from shared.contracts.tasks.base import TasksEvent
from shared.contracts.text import Text


class DeadlineFact(TasksEvent):
    """What every event of a deadline, or of an extension of it, says about its task."""

    task: Token
    plan: Token | None
    decree: Token
    article: Token | None
    measure: Token | None
    mission: Token | None
    department: Token


class DeadlineSet(DeadlineFact, type="deadline.set"):
    """The task has a deadline by its rule; `supersedes` is the one it had before.

    `due_on` is the day of `deadline`, or after a recomputation under a newer version of the calendar that of
    the `extension` which still stands. Holds count against it from `runs_from` on. `warn_at` is the moment
    from which the deadline is approaching, where it is told at all.
    """

    opens_on: date | None
    deadline: Deadline
    due_on: date
    due_at: datetime
    warn_at: datetime | None
    runs_from: date
    extension: Token | None
    supersedes: Deadline | None


class DeadlineApproaching(DeadlineFact, type="deadline.approaching"):
    """The deadline is near, and the work is not handed in. `working_days_left` counts the last day."""

    due_on: date
    due_at: datetime
    working_days_left: int


class DeadlineMissed(DeadlineFact, type="deadline.missed"):
    """The deadline passed and the work was not handed in: for good, whatever comes later.

    `late` says that it was recorded much later than `due_at`, after an outage. `extensions` counts those
    that had been granted.
    """

    due_on: date
    due_at: datetime
    calendar: Token
    calendar_version: int
    extensions: int
    late: bool


class MissGround(StrEnum):
    """What was recorded after a miss and took effect before it."""

    HOLD = "hold"
    SUBMISSION = "submission"


class DeadlineMissQualified(DeadlineFact, type="deadline.miss-qualified"):
    """Something that was recorded after the miss took effect before it. The miss stays, with this beside it.

    `hold` names the hold where the ground is one.
    """

    due_on: date
    ground: MissGround
    effective_at: datetime
    reason: Text
    hold: Token | None = None


class DeadlineSuspended(DeadlineFact, type="deadline.suspended"):
    """A hold stopped the clock from `since` on; `working_days_left` are kept until it resumes."""

    hold: Token
    since: date
    due_on: date
    due_at: datetime
    working_days_left: int


class DeadlineResumed(DeadlineFact, type="deadline.resumed"):
    """The last hold that covered it was lifted: the working days that were left count from `since` on."""

    hold: Token
    since: date
    due_on: date
    due_at: datetime
    warn_at: datetime | None
    supersedes_due_on: date
    working_days_left: int


class DeadlineExtended(DeadlineFact, type="deadline.extended"):
    """An extension was granted."""

    extension: Token
    due_on: date
    due_at: datetime
    warn_at: datetime | None
    supersedes_due_on: date


class DeadlineMet(DeadlineFact, type="deadline.met"):
    """The work was accepted; `on_time` says whether it had been handed in before the deadline passed.

    `submitted_at` is when the work was handed in, which may be earlier than that was recorded.
    """

    due_on: date
    submitted_at: datetime
    on_time: bool


class DeadlineDropped(DeadlineFact, type="deadline.dropped"):
    """The task was cancelled, and nothing is due any more."""

    due_on: date


class ExtensionRequested(DeadlineFact, type="extension.requested"):
    """More time was asked for, until the day `until`; `due_on` is the deadline of then."""

    extension: Token
    due_on: date
    until: date
    reason: str
    by: tuple[str, ...]


class ExtensionGranted(DeadlineFact, type="extension.granted"):
    """The issuer or the controller granted more time, until the working day `until`."""

    extension: Token
    until: date
    reason: str
    by: tuple[str, ...]


class ExtensionRefused(DeadlineFact, type="extension.refused"):
    """The issuer or the controller refused more time."""

    extension: Token
    reason: str
    by: tuple[str, ...]
