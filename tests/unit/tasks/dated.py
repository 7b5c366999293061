"""A plan with dates and a clock: what tests of deadlines begin with.

The first task is due on Sunday 31 August 2025, at 22:00 UTC, which is midnight in Tripoli; it is near from
Sunday 24 August on. The weekend is Friday and Saturday.
"""

from datetime import UTC, date, datetime
from typing import TypeVar

from services.tasks.calendar import Calendar
from services.tasks.clocks import calendar_of, holds_of
from services.tasks.deadline import Deadline
from services.tasks.drafting import draft_plan
from services.tasks.escalating import escalate
from services.tasks.extension import Extension
from services.tasks.holding import hold_decree, lift_hold
from services.tasks.plan import ClosingDates
from services.tasks.scheduling import reschedule_plan, schedule_plan
from services.tasks.settling import accept_task, cancel_task, return_task, submit_task
from services.tasks.sweeping import approaching, missing
from services.tasks.task import Task
from shared.contracts.event import Event
from shared.contracts.text import Text
from shared.eventstore.command import Turn
from tests.unit.tasks.given import (
    ALONE,
    DATES,
    LEGAL,
    LETTER,
    MEASURE,
    OFFICE,
    ORDERED,
    MemoryStore,
    declaration,
    store_with_procedure,
)

E = TypeVar("E", bound=Event)

DECREE = "298-2025"
FIRST = f"{MEASURE}-t01"
DUE_ON = date(2025, 8, 31)
DUE_AT = datetime(2025, 8, 31, 22, tzinfo=UTC)
WARN_AT = datetime(2025, 8, 23, 22, tzinfo=UTC)
REASON = Text(en="Studies are to be reviewed", ar="تُراجع الدراسات")


def moment(text: str) -> datetime:
    """A moment in UTC: ``2025-08-24 08:00``, or noon of a day."""
    return datetime.fromisoformat(text if " " in text else f"{text} 12:00").replace(tzinfo=UTC)


def moment_or_none(text: str | None) -> datetime | None:
    """A moment that may be left out."""
    return None if text is None else moment(text)


class Dated:
    """Drives the store from moment to moment; what is effective earlier than recorded says so."""

    def __init__(self, *, dated: bool = True) -> None:
        self.store: MemoryStore = store_with_procedure()
        self.store.run(lambda turn: draft_plan(turn, MEASURE, ORDERED, "closing"))
        if dated:
            self.set_dates()

    @property
    def deadline(self) -> Deadline:
        return self.store.find(Deadline, FIRST)

    @property
    def task(self) -> Task:
        return self.store.find(Task, FIRST)

    def at(self, text: str) -> "Dated":
        self.store.now = moment(text)
        return self

    def told(self, kind: type[E], task: str = FIRST) -> list[E]:
        """The recorded events of one kind about the first task."""
        return [event for event in self.store.said(kind) if event.__dict__.get("task") == task]

    def sweep(self) -> "Dated":
        """Do what the sweeper does about the first task."""
        due_at = self.deadline.due_at
        if due_at is not None:
            for command in (approaching(FIRST, due_at, due_at), missing(FIRST, due_at)):
                self.store.run(command.decide, effective_at=command.by.effective_at)
        return self

    def set_dates(
        self, dates: ClosingDates = DATES, effective_at: str | None = None, known_at: str | None = None
    ) -> "Dated":
        known = moment_or_none(known_at)
        self.store.run(
            lambda turn: schedule_plan(turn, MEASURE, dates, known), effective_at=moment_or_none(effective_at)
        )
        return self

    def declare(self, label: str, *days_off: date) -> "Dated":
        """Declare a newer version of the calendar and compute the plan's deadlines under it."""
        declared = declaration(*days_off, label=label)
        self.store.run(lambda turn: turn.get(Calendar, "ly").declare(declared, turn.moment))
        self.store.run(lambda turn: reschedule_plan(turn, MEASURE, "ly"))
        return self

    def start(self) -> "Dated":
        def begin(turn: Turn) -> None:
            task = turn.get(Task, FIRST)
            task.assign("legal", (), None, OFFICE, turn.moment)
            task.start([], LEGAL, turn.moment)

        self.store.run(begin)
        return self

    def start_as_of(self, effective_at: str) -> "Dated":
        """Begin the work as of an earlier moment."""

        def begin(turn: Turn) -> None:
            task = turn.get(Task, FIRST)
            task.assign("legal", (), None, OFFICE, turn.moment)
            task.start([], LEGAL, turn.moment)

        self.store.run(begin, effective_at=moment(effective_at))
        return self

    def start_again(self) -> "Dated":
        self.store.run(lambda turn: turn.get(Task, FIRST).start([], LEGAL, turn.moment))
        return self

    def submit(self, effective_at: str | None = None) -> "Dated":
        self.store.run(
            lambda turn: submit_task(turn, turn.get(Task, FIRST), (LETTER,)),
            LEGAL,
            moment_or_none(effective_at),
        )
        return self

    def give_back(self, effective_at: str | None = None) -> "Dated":
        self.store.run(
            lambda turn: return_task(turn, turn.get(Task, FIRST), "Unsigned"),
            OFFICE,
            moment_or_none(effective_at),
        )
        return self

    def accept(self, effective_at: str | None = None) -> "Dated":
        self.store.run(
            lambda turn: accept_task(turn, turn.get(Task, FIRST), ALONE), OFFICE, moment_or_none(effective_at)
        )
        return self

    def cancel(self, effective_at: str | None = None) -> "Dated":
        self.store.run(
            lambda turn: cancel_task(turn, turn.get(Task, FIRST), "Not needed"),
            OFFICE,
            moment_or_none(effective_at),
        )
        return self

    def hold(
        self,
        hold: str = "h1",
        effective_at: str | None = None,
        article: str | None = None,
        measure: str | None = None,
        known_at: str | None = None,
    ) -> "Dated":
        since, known = moment_or_none(effective_at), moment_or_none(known_at)
        self.store.run(
            lambda turn: hold_decree(turn, DECREE, hold, article, measure, REASON, known), effective_at=since
        )
        return self

    def lift(self, hold: str = "h1", effective_at: str | None = None) -> "Dated":
        until = moment_or_none(effective_at)
        self.store.run(lambda turn: lift_hold(turn, DECREE, hold), effective_at=until)
        return self

    def extend(self, until: date, number: int = 1, effective_at: str | None = None) -> "Dated":
        """Grant more time as the use cases do, without their permissions."""

        def grant(turn: Turn) -> None:
            asked = turn.get(Extension, f"{FIRST}-x{number}")
            task, deadline = turn.get(Task, FIRST), turn.get(Deadline, FIRST)
            holds, calendar = holds_of(turn, task), calendar_of(turn, deadline)
            asked.request(task, deadline.due_on, until, "The host is slow", LEGAL, turn.moment)
            asked.grant(task, until, "Agreed", OFFICE, turn.moment)
            deadline.extend(task, asked.id, until, calendar, holds, turn.moment)
            escalate(turn, task, deadline)

        self.store.run(grant, effective_at=moment_or_none(effective_at))
        return self
