"""A plan of which one task counts by the ministry's calendar, one by the host State's, and one by both.

All three are due 30 days before Tuesday 30 September 2025: on Sunday 31 August, rolled back. The ministry is
off on Friday and Saturday, the host, Portugal, on Saturday and Sunday: by the ministry's calendar that is the
Sunday itself, by the host's Friday 29 August, and Thursday 28 August is the last day on which both work.
"""

from datetime import UTC, date, datetime
from typing import Any, TypeVar

from services.tasks.applying import apply_to_decree, apply_to_plan
from services.tasks.calendar import Calendar, Grounds, declare_holiday
from services.tasks.clocks import calendar_of, holds_of
from services.tasks.deadline import Deadline
from services.tasks.declaring import declare_calendar
from services.tasks.drafting import draft_plan
from services.tasks.extension import Extension
from services.tasks.holding import hold_decree, lift_hold
from services.tasks.plan import ClosingDates, Plan
from services.tasks.plan.noting import notes
from services.tasks.reckoning import asked_of_host
from services.tasks.scheduling import schedule_plan
from services.tasks.task import Task
from services.tasks.template import TemplateProposal
from shared.calendar import Basis, CalendarDeclaration, Holiday, Weekday
from shared.contracts.event import Event
from shared.contracts.text import Text
from shared.eventstore.command import Turn
from tests.unit.tasks.given import (
    DATES,
    LEGAL,
    MEASURE,
    OFFICE,
    declaration,
    ordered,
    proposal,
    step,
    store_with_procedure,
)

E = TypeVar("E", bound=Event)

DECREE, PORTUGAL = "298-2025", "PT"
MINISTRYS, HOSTS, BOTH, LAST = (f"{MEASURE}-t0{number}" for number in (1, 2, 3, 4))
SUNDAY, FRIDAY, THURSDAY = date(2025, 8, 31), date(2025, 8, 29), date(2025, 8, 28)
GROUNDS = Grounds("120/2025", "Mourning")

HOSTED: TemplateProposal = proposal(
    step(1, window="-30"),
    step(2, window="-30", counts_by="host"),
    step(3, window="-30", counts_by="both"),
    step(4),
)


def of_host(
    *days_off: date,
    label: str = "1",
    country: str | None = PORTUGAL,
    weekend: tuple[Weekday, ...] = (Weekday.SATURDAY, Weekday.SUNDAY),
) -> CalendarDeclaration:
    """A calendar of the host's weekend and zone."""
    changed = {"weekend": weekend, "zone": "Europe/Lisbon", "country": country}
    return declaration(*days_off, label=label).model_copy(update=changed)


class Hosted:
    """Drives a store with that plan; nothing is dated before it is told to be."""

    def __init__(self, host: str | None = PORTUGAL, adopted: TemplateProposal = HOSTED) -> None:
        self.store = store_with_procedure(adopted)
        self.store.run(lambda turn: draft_plan(turn, MEASURE, ordered(host=host), "closing"))

    def at(self, text: str) -> "Hosted":
        self.store.now = datetime.fromisoformat(f"{text} 12:00").replace(tzinfo=UTC)
        return self

    def declare(self, name: str = "pt", declared: CalendarDeclaration | None = None) -> "Hosted":
        told = of_host() if declared is None else declared
        self.store.run(lambda turn: declare_calendar(turn, name, told))
        return self

    def off(self, calendar: str, *days: date) -> "Hosted":
        """Make days official holidays, each by a version of its own."""
        for day in days:
            holiday = Holiday(day=day, name=Text(en="Mourning", ar="حداد"), basis=Basis.ANNOUNCED)
            self.store.run(
                lambda turn, new=holiday: declare_holiday(
                    turn.get(Calendar, calendar), new, GROUNDS, turn.moment
                )
            )
        return self

    def date(self, dates: ClosingDates = DATES) -> "Hosted":
        self.store.run(lambda turn: schedule_plan(turn, MEASURE, dates))
        return self

    def approve(self, calendar: str, version: int, plan: str | None = MEASURE) -> dict[str, str]:
        """Approve a version for the plan, or for the whole decree; return what moved, and to when."""

        def apply(turn: Turn) -> dict[str, Any]:
            if plan is None:
                return apply_to_decree(turn, calendar, version, DECREE)
            return apply_to_plan(turn, calendar, version, plan)

        return {one["task"]: one["to"] for one in self.store.run(apply)["moved"]}

    def hold(self) -> "Hosted":
        reason = Text(en="Studies", ar="دراسات")
        self.store.run(lambda turn: hold_decree(turn, DECREE, "h1", None, None, reason))
        return self

    def lift(self) -> "Hosted":
        self.store.run(lambda turn: lift_hold(turn, DECREE, "h1"))
        return self

    def extend(self, id: str, until: date) -> "Hosted":
        """Grant more time as the use case does, without its permissions."""

        def grant(turn: Turn) -> None:
            task, deadline = turn.get(Task, id), turn.get(Deadline, id)
            asked = turn.get(Extension, f"{id}-x1")
            calendar, holds = calendar_of(turn, deadline), holds_of(turn, task)
            asked.request(task, deadline.due_on, until, "The host is slow", LEGAL, turn.moment)
            asked.grant(task, until, "Agreed", OFFICE, turn.moment)
            deadline.extend(task, asked.id, until, calendar, holds, turn.moment)

        self.store.run(grant)
        return self

    @property
    def plan(self) -> Plan:
        return self.store.find(Plan, MEASURE)

    @property
    def due(self) -> list[date]:
        """When the first three tasks are due."""
        return [self.store.find(Deadline, id).due_on for id in (MINISTRYS, HOSTS, BOTH)]

    @property
    def notes(self) -> list[dict[str, Any]]:
        """What the plan tells of the calendar of its host State."""
        found = self.store.run(lambda turn: notes(asked_of_host(turn, turn.get(Plan, MEASURE))))
        return found

    def versions(self, id: str) -> list[tuple[str, int]]:
        """The calendars under which a deadline stands."""
        computed = self.store.find(Deadline, id).computed
        assert computed is not None
        return [(one.calendar, one.version) for one in computed.calendars]

    def said(self, kind: type[E], task: str = BOTH) -> list[E]:
        """The recorded events of one kind about a task."""
        return [event for event in self.store.said(kind) if event.__dict__.get("task") == task]
