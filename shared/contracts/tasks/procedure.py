"""What is declared once and then used: departments, calendars and procedures."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer

from shared.calendar import CountsBy, Roll, Window, WorkingCalendar
from shared.contracts.identity import Token
from shared.contracts.registry import MeasureKind
from shared.contracts.tasks.base import TasksEvent
from shared.contracts.text import Text


def _window(told: Any) -> Any:
    return Window.parse(told) if isinstance(told, str) else told


WrittenWindow = Annotated[Window, BeforeValidator(_window), PlainSerializer(str, return_type=str)]
"""A window in the form in which people write it, ``-30..0`` or ``-165``, as a procedure is proposed."""


class ProcedureTask(BaseModel):
    """One task of a procedure. `gate` numbers the closing condition that its evidence satisfies.

    A task that `needs_dates` is about the closing dates themselves: it is handed in once they are set,
    and for no others. One that is `of_receiver` speaks of the receiving mission: it is done anew for another.
    `days` are the working days that the work takes; `completed_by` names the event of the registry with
    which the task is done, where there is one. `counts_by` tells whose working days its window is rolled by.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    workstream: Token
    title: Text
    lead: Token
    co_executors: tuple[Token, ...] = ()
    needs: tuple[int, ...] = ()
    window: WrittenWindow
    evidence: Text | None = None
    gate: int | None = None
    needs_dates: bool = False
    of_receiver: bool = False
    days: int = 1
    completed_by: str | None = None
    counts_by: CountsBy = CountsBy.MINISTRY


class DecreeTask(BaseModel):
    """A task that a procedure asks of the decree itself, once, by a rule of its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    workstream: Token
    title: Text
    lead: Token
    co_executors: tuple[Token, ...] = ()
    due: str
    roll: Roll
    evidence: Text | None = None
    completed_by: str | None = None


class DepartmentNoted(TasksEvent, type="department.noted"):
    """A department became known to this service."""

    department: Token
    name: Text


class CalendarDeclared(TasksEvent, type="calendar.declared"):
    """A version of a working calendar was declared; later computations use it, earlier ones stay.

    `declared_at` is from when on it is so: no later version is of an earlier moment.
    """

    calendar: WorkingCalendar
    declared_at: datetime | None = None


class TemplateAdopted(TasksEvent, type="template.adopted"):
    """A version of a procedure was adopted. Windows are calendar days relative to the official date T.

    `warn_days` are the working days before a deadline from which it is approaching; `measure_kinds` are the
    kinds of measures that it is for, all kinds where it names none.
    """

    template: Token
    version: int
    label: str
    title: Text
    calendar: Token
    roll: Roll
    warn_days: int = 5
    measure_kinds: tuple[MeasureKind, ...] = ()
    tasks: tuple[ProcedureTask, ...]
    decree_tasks: tuple[DecreeTask, ...]
    adopted_at: datetime | None = None
