"""What this service knows of a decree: its objectives, its tasks, and which holds stop their clocks."""

from datetime import date, datetime

from shared.contracts.identity import Token
from shared.contracts.registry import Objective
from shared.contracts.tasks.base import TasksEvent
from shared.contracts.text import Text


class DecreeNoted(TasksEvent, type="decree.noted"):
    """The registry issued this decree, for these objectives; `articles` are the keys of those that it has.

    `measures` are the ids of the rows of their tables.
    """

    decree: Token
    title: Text
    announced_on: date
    objectives: tuple[Objective, ...]
    articles: tuple[Token, ...] | None = None
    measures: tuple[Token, ...] | None = None


class DecreeArticlesNoted(TasksEvent, type="decree.articles-noted"):
    """An amendment added articles or rows, or dropped some: this is what the decree has now."""

    decree: Token
    articles: tuple[Token, ...]
    measures: tuple[Token, ...] | None = None


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
