"""The questions about what does not go on: what blocks a task, and who is late."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from starlette.responses import Response

from services.tasks.deadline import DeadlineState
from services.tasks.decree import Decree
from services.tasks.inquiries import MOST_TASKS, TaskInquiries
from services.tasks.reckoned_from import reckoned_from
from services.tasks.task.blocking import blockers
from shared.calendar import CalendarVersion, WorkingCalendar, day_of, working_days_between
from shared.domain import NotFound
from shared.domain.clock import Clock
from shared.eventstore.store import EventStore
from shared.projections import Views
from shared.service.inquiries import past, standing
from shared.web import AsOf, PageAsked, json_response, page

COUNTED = (
    ("late", "state", "missed"),
    ("missed", "missed", "true"),
    ("qualified", "qualified", "true"),
    ("taken_away", "taken_away", "true"),
)
"""What is counted of deadlines: its name, the facet by which, and which value of that."""

NAMES = [name for name, _, _ in COUNTED]

SHOWN = ("task", "plan", "decree", "measure", "mission", "department", "number", "title", "due_on")


class Standstills:
    """Reads only; of a task the rows of its plan and the holds of its decree, of lateness a page."""

    def __init__(self, store: EventStore, views: Views, inquiries: TaskInquiries, clock: Clock) -> None:
        self._store = store
        self._views = views
        self._inquiries = inquiries
        self._clock = clock

    async def blocked_by(self, task: str, when: AsOf | None) -> Response:
        """Answer with what blocks a task, down to the tasks that wait for nothing."""
        position = await self._inquiries.folded(when)
        # Everything is of this one position, so that a task accepted meanwhile is not half accepted here.
        row, plan = await self._views.get("tasks", task, position), None
        if row is None:
            raise NotFound(kind="task", id=task)
        rows = {task: row}
        if row["plan"] is not None:
            plan = await self._views.get("plans", row["plan"], position)
            rows |= dict(
                await self._views.list("tasks", {"plan": row["plan"]}, limit=MOST_TASKS, as_of=position)
            )
        decree = await self._store.load(Decree, row["decree"], position)
        holds = decree.covering(row["article"], row["measure"])
        dated = plan is not None and plan["official_on"] is not None
        return json_response(blockers(row, rows, holds, dated=dated), headers=standing(position, when))

    async def late(
        self, query: PageAsked, where: Mapping[str, str | None], when: AsOf | None, on: date | None
    ) -> Response:
        """Answer with a page of the deadlines that are missed now, and how late each is on a day.

        The day is today where nothing is said, or that of `when`; work that was handed in late is late up to
        the day on which that was said to be.
        """
        position = await self._inquiries.folded(when)
        asked = {facet: value for facet, value in where.items() if value is not None}
        asked["state"] = DeadlineState.MISSED.value
        rows = await self._views.list("deadlines", asked, query.after, query.limit, past(when))
        moment = self._clock() if when is None or when.recorded_at is None else when.recorded_at
        reckoned_from(on, moment.date())
        calendars: dict[tuple[CalendarVersion, ...], WorkingCalendar] = {}
        told = []
        for key, row in rows:
            named = _calendars(row)
            if named not in calendars:
                calendars[named] = await self._inquiries.calendars.joined(named)
            told.append((key, _late(row, calendars[named], moment, on)))
        return page(told, query, position=position, when=when)

    async def late_departments(self, decree: str | None, when: AsOf | None) -> Response:
        """Answer with how many deadlines each department misses now, and how many it ever missed.

        Of those, how many have anything beside a miss, and how many were taken away before they were due.
        """
        position = await self._inquiries.folded(when)
        where = {} if decree is None else {"decree": decree}
        counts: dict[str, dict[str, int]] = {}
        for name, facet, counted in COUNTED:
            found = await self._views.count("deadlines", ("department", facet), where, past(when))
            for (department, value), count in found:
                if value == counted:
                    counts.setdefault(department, dict.fromkeys(NAMES, 0))[name] = count
        return json_response(counts, headers=standing(position, when))


def _calendars(row: dict[str, Any]) -> tuple[CalendarVersion, ...]:
    """The calendars by which the days of a deadline are counted, those beside the first one with it."""
    first = {"calendar": row["calendar"], "version": row["calendar_version"]}
    return tuple(CalendarVersion.model_validate(one) for one in (first, *row["also"]))


def _late(
    row: dict[str, Any], calendar: WorkingCalendar, moment: datetime, on: date | None
) -> dict[str, Any]:
    until = on or day_of(moment, calendar)
    if row["handed_in"] and row["handed_in_at"] is not None:
        until = min(until, day_of(datetime.fromisoformat(row["handed_in_at"]), calendar))
    return {
        **{name: row[name] for name in SHOWN},
        "on": until.isoformat(),
        "late_working_days": working_days_between(date.fromisoformat(row["due_on"]), until, calendar),
        "handed_in": row["handed_in"],
        "misses": len(row["misses"]),
        "qualified": row["qualified"],
        "grounds": sorted({one["ground"] for miss in row["misses"] for one in miss["qualified"]}),
        "extensions": row["extensions"],
    }
