"""What this service knows of a decree: which tasks carry it out, and which holds stop their clocks."""

from datetime import datetime

from shared.contracts.identity import Token
from shared.contracts.tasks.base import TasksEvent
from shared.contracts.text import Text


class DecreePlanned(TasksEvent, type="decree.planned"):
    """A plan carries out a measure of this decree."""

    decree: Token
    plan: Token


class DecreeTaskPlanned(TasksEvent, type="decree.task-planned"):
    """A task belongs to the decree itself."""

    decree: Token
    task: Token


class DecreeHoldNoted(TasksEvent, type="decree.hold-noted"):
    """A hold is in force from `since` on: on the whole decree, or only on an article, or on a measure."""

    decree: Token
    hold: Token
    since: datetime
    reason: Text
    article: Token | None
    measure: Token | None


class DecreeLiftNoted(TasksEvent, type="decree.lift-noted"):
    """A hold was lifted at `until`."""

    decree: Token
    hold: Token
    until: datetime
