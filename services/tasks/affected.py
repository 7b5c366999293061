"""Which deadlines a newer version of their calendar would move, to when, and why; nothing is stored."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import ClassVar

from starlette.responses import Response

from services.tasks.calendar import Calendar, joined, renewed
from services.tasks.deadline import Deadline, DeadlineState, Foreseen, foreseen
from services.tasks.decree import Decree, Hold
from services.tasks.meeting import Meeting
from services.tasks.plan import Plan
from services.tasks.task import Task
from shared.calendar import (
    CalendarVersion,
    ChangedDay,
    Rule,
    Unit,
    WorkingCalendar,
    changed_days,
    end_of_day,
)
from shared.contracts import tasks as said
from shared.contracts.identity import stream_of
from shared.contracts.meta import rfc3339
from shared.domain.clock import Clock
from shared.eventstore.store import EventStore
from shared.projections import Views
from shared.service.inquiries import Inquiries, Row, past
from shared.web import AsOf, PageAsked, page

BATCH = 200
"""Rows that are looked through at once."""

OVER = (DeadlineState.MET, DeadlineState.DROPPED)

Rows = Sequence[tuple[str, Row]]

Grounds = Mapping[tuple[int, date], Row]
"""By version and day: with which document a holiday was declared, moved or revoked, and why."""


class AffectedInquiries(Inquiries):
    """Compares each deadline with what it would be, on the aggregates themselves: exactly as it moves."""

    kinds: ClassVar[Mapping[str, str]] = {}

    def __init__(self, store: EventStore, views: Views, clock: Clock) -> None:
        super().__init__(store, views)
        self._clock = clock

    async def affected(
        self, id: str, query: PageAsked, where: Mapping[str, str], from_version: int | None, when: AsOf | None
    ) -> Response:
        """Answer with a page of the deadlines that would be otherwise under the newest version.

        Only those that stand under `from_version`, or under any earlier one where none is named. Deadlines
        that stay at their moment are left out. Another calendar by which one is counted stays as it is. The
        calendar of a country has a part in what asks for it, though nothing was counted by it yet. `misses`
        tells that the new moment is over, today or at the moment of `when`, and makes a miss that stays.
        Refuses a plan, a decree or a meeting that is not known.
        """
        position = await self.folded(when)
        await self._must_be_known(where, when)
        calendar = (await self._store.load(Calendar, id, past(when))).must_exist()
        if from_version is not None:
            calendar.of_version(from_version)
        grounds = await self._grounds(id, when)
        found: list[tuple[str, Row]] = []
        after, more = query.after, True
        while more and len(found) < query.limit:
            rows, more = await self._concerned(calendar, where, after, past(when))
            for key, row in rows:
                told = await self._judged(key, row, calendar, grounds, from_version, when)
                if told is not None:
                    found.append((key, told))
                if len(found) == query.limit:
                    break
            after = rows[-1][0] if rows else after
        return page(found, query, position=position, when=when)

    async def _concerned(
        self, calendar: Calendar, where: Mapping[str, str], after: str | None, at: int | None
    ) -> tuple[Rows, bool]:
        """Rows that may stand under a calendar, or ask for that of its country, and whether there are more.

        They are found by its name and by every country whose calendar it ever was, in the order of keys.
        """
        asked = [{**where, "calendar": calendar.id}]
        asked += [{**where, "host": country} for country in sorted(calendar.countries)]
        lists = [await self._views.list("deadlines", one, after, BATCH, at) for one in asked]
        upto = min((rows[-1][0] for rows in lists if len(rows) == BATCH), default=None)
        rows = {key: row for rows in lists for key, row in rows if upto is None or key <= upto}
        return sorted(rows.items()), upto is not None

    async def _judged(
        self,
        id: str,
        row: Row,
        calendar: Calendar,
        grounds: Grounds,
        from_version: int | None,
        when: AsOf | None,
    ) -> Row | None:
        newest = calendar.in_force()
        if row["state"] in OVER or row["deadline"] is None:
            return None
        version = _version_in(row["deadline"], calendar.id)
        if version == newest.version or from_version not in (None, version):
            return None
        at = past(when)
        deadline = await self._store.load(Deadline, id, at)
        task = await self._store.load(Task, id, at)
        assert deadline.computed is not None, f"{deadline.stream} is not set"
        terms, stands = task.planned, await self._joined(deadline.computed.calendars, at)
        counted = renewed(stands, terms.calendar, terms.counts_by, terms.host, newest)
        if counted is None:
            return None
        holds: Sequence[Hold] = ()
        if terms.decree is not None:
            decree = await self._store.load(Decree, terms.decree, at)
            holds = decree.covering(terms.article, terms.measure)
        would_be = foreseen(deadline, task, counted, holds)
        if would_be is None or _due(would_be, counted) == (deadline.due_on, deadline.due_at):
            return None
        days = changed_days(stands, counted, *_span(deadline, would_be, holds))
        zone = None if stands.zone == counted.zone else {"from": stands.zone, "to": counted.zone}
        reasons = {"because": list(_reasons(days, version or 0, grounds)), "zone": zone}
        moment = self._clock() if when is None or when.recorded_at is None else when.recorded_at
        misses = would_be.misses(deadline, task, _due(would_be, counted)[1], moment)
        return _told(deadline, task, would_be, counted) | {"misses": misses} | reasons

    async def _joined(self, named: Sequence[CalendarVersion], at: int | None) -> WorkingCalendar:
        loaded = [(await self._store.load(Calendar, one.calendar, at), one.version) for one in named]
        return joined(*(calendar.of_version(version) for calendar, version in loaded))

    async def _must_be_known(self, where: Mapping[str, str], when: AsOf | None) -> None:
        for kind in (Plan, Decree, Meeting):
            if (named := where.get(kind.kind)) is not None:
                (await self._store.load(kind, named, past(when))).must_exist()

    async def _grounds(self, id: str, when: AsOf | None) -> Grounds:
        grounds: dict[tuple[int, date], Row] = {}
        for record in await self._store.history(stream_of(Calendar.kind, id)):
            event = record.event
            if isinstance(event, said.CalendarChanged) and (when is None or record.position <= when.position):
                ground = {"reference": event.reference, "reason": event.reason, "version": event.version}
                grounds |= {(event.version, day): ground for day in _days_of(event)}
        return grounds


def _version_in(computed: Row, calendar: str) -> int | None:
    """The version of a calendar under which a deadline was computed; None where it was not."""
    first = {"calendar": computed["calendar"], "version": computed["calendar_version"]}
    every = (first, *computed["also"])
    return next((one["version"] for one in every if one["calendar"] == calendar), None)


def _days_of(event: said.CalendarChanged) -> tuple[date, ...]:
    match event:
        case said.CalendarHolidayDeclared():
            return (event.holiday.day,)
        case said.CalendarHolidayMoved():
            return (event.day, event.to)
        case said.CalendarHolidayRevoked():
            return (event.day,)
    return ()


def _span(deadline: Deadline, would_be: Foreseen, holds: Sequence[Hold]) -> tuple[date, date]:
    """The days on which a deadline depends: from where it is counted to where it comes to be."""
    computed, new = deadline.computed, would_be.computed
    assert computed is not None, f"{deadline.stream} is not set"
    days = [computed.raw, computed.due_on, new.raw, new.due_on, deadline.due_on, would_be.standing.due_on]
    if Rule.parse(computed.rule).unit is Unit.WORKING_DAY:
        days.append(computed.anchored_on)
    if deadline.granted is not None:
        days.append(deadline.granted.until)
    days += [hold.since.date() for hold in holds]
    return min(days), max(days)


def _due(would_be: Foreseen, calendar: WorkingCalendar) -> tuple[date, datetime]:
    """The day and the moment at which it would be due: another zone moves the moment alone."""
    due_on = would_be.standing.due_on
    return due_on, end_of_day(due_on, calendar)


def _told(deadline: Deadline, task: Task, would_be: Foreseen, newest: WorkingCalendar) -> Row:
    terms, computed, standing = task.planned, deadline.computed, would_be.standing
    assert computed is not None and deadline.due_at is not None, f"{deadline.stream} is not set"
    due_on, due_at = _due(would_be, newest)
    return {
        "task": task.id,
        "plan": terms.plan,
        "decree": terms.decree,
        "meeting": terms.meeting,
        "mission": terms.mission,
        "department": task.lead,
        "title": terms.title,
        "state": deadline.state,
        "rule": computed.rule,
        "roll": computed.roll,
        "anchored_on": computed.anchored_on,
        "extension": None if deadline.granted is None else deadline.granted.extension,
        "counts_by": terms.counts_by,
        "calendar": computed.calendar,
        "calendar_version": computed.calendar_version,
        "also": computed.also,
        "due_on": deadline.due_on,
        "due_at": rfc3339(deadline.due_at),
        "would_be": {
            "calendar": would_be.computed.calendar,
            "calendar_version": would_be.computed.calendar_version,
            "also": would_be.computed.also,
            "due_on": due_on,
            "due_at": rfc3339(due_at),
            "provisional": would_be.computed.provisional,
            "suspended_since": standing.since,
        },
        "moves_by_days": (due_on - deadline.due_on).days,
    }


def _reasons(days: Sequence[ChangedDay], version: int, grounds: Grounds) -> Iterator[Row]:
    """Each day that works otherwise now, with the last change of it since the version, where one is known."""
    for changed in days:
        known = [ground for (made, day), ground in grounds.items() if day == changed.day and made > version]
        yield {**changed.model_dump(mode="json"), "ground": known[-1] if known else None}
