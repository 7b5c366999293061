"""A procedure as somebody proposes it, before its sense is checked."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.calendar import CountsBy, Roll
from shared.contracts.identity import Token
from shared.contracts.registry import MeasureKind
from shared.contracts.text import Text

GATES: Literal["gates"] = "gates"
"""The need that stands for every other task that carries a gate."""

Number = Annotated[int, Field(ge=1, le=999)]
Phrase = Annotated[str, Field(min_length=1, max_length=200)]


class Proposed(BaseModel):
    """A part of a proposal; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ProposedTask(Proposed):
    """One task: `window` is ``a..b`` or one day, in calendar days relative to the official date T.

    A task that `needs_dates` is handed in only once T is set, and returned when the dates change; one that is
    `of_receiver` is planned anew when another mission receives. The work takes `days` working days.
    `completed_by` names an event of the registry (``mission.announced``) that accepts the task by itself.
    `counts_by` tells whose working days count: the `ministry`'s, those of the `host` State, or `both`.
    """

    number: Number
    workstream: Token
    title: Text
    lead: Token
    co_executors: tuple[Token, ...] = Field(default=(), max_length=50)
    needs: tuple[Number | Literal["gates"], ...] = Field(default=(), max_length=200)
    window: Phrase
    evidence: Text | None = None
    gate: Number | None = None
    needs_dates: bool = False
    of_receiver: bool = False
    days: int = Field(default=1, ge=1, le=260)
    completed_by: Phrase | None = None
    counts_by: CountsBy = CountsBy.MINISTRY


class ProposedDecreeTask(Proposed):
    """A task of the decree itself: `due` is a rule such as ``1 month of announced_on``."""

    number: Number
    workstream: Token
    title: Text
    lead: Token
    co_executors: tuple[Token, ...] = Field(default=(), max_length=50)
    due: Phrase
    roll: Roll
    evidence: Text | None = None
    completed_by: Phrase | None = None


class TemplateProposal(Proposed):
    """A whole procedure under a version label, with the calendar and roll rule of its plans.

    A deadline is approaching from `warn_days` working days before it on; with 0 that is never told.
    `measure_kinds` are the kinds of measures that it is for; where it names none, it may serve any.
    """

    label: str = Field(min_length=1, max_length=64)
    title: Text
    calendar: Token
    roll: Roll
    warn_days: int = Field(default=5, ge=0, le=60)
    measure_kinds: tuple[MeasureKind, ...] = Field(default=(), max_length=20)
    tasks: tuple[ProposedTask, ...] = Field(default=(), max_length=200)
    decree_tasks: tuple[ProposedDecreeTask, ...] = Field(default=(), max_length=50)

    def departments(self) -> tuple[str, ...]:
        """Every department that the procedure names, each once, in the order of first mention."""
        every: tuple[ProposedTask | ProposedDecreeTask, ...] = (*self.tasks, *self.decree_tasks)
        return tuple(dict.fromkeys(key for task in every for key in (task.lead, *task.co_executors)))
