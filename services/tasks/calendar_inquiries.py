"""The questions about calendars: their versions, their days, and what a rule would give."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, ClassVar

from starlette.responses import Response

from services.tasks.calendar import Calendar, joined
from services.tasks.deadline import Deadline
from services.tasks.decree import Decree, Hold
from services.tasks.task import Task
from services.tasks.told_reckoning import MOST_DAYS, ended_at, shortened, steps_of, told_steps, windows_of
from shared.calendar import (
    CalendarVersion,
    Roll,
    Rule,
    WorkingCalendar,
    deadline_of,
    explained,
    told_day,
)
from shared.calendar import Deadline as Computed
from shared.contracts.identity import stream_of
from shared.contracts.tasks import TaskPlanned
from shared.domain import Invalid, Text
from shared.service.inquiries import Inquiries, past, standing
from shared.service.streams import told
from shared.web import AsOf, json_response


class DaysOutOfOrder(Invalid):
    """Days are told from one to a later one, and not more than three years of them."""

    slug = "days-out-of-order"
    title = Text(en="The span of days cannot be told", ar="لا يمكن عرض هذه المدة")
    detail = Text(
        en="The days from {start} to {end} cannot be told: the second must not be before the first, and "
        "there may be {most} of them.",
        ar="لا يمكن عرض الأيام من {start} إلى {end}: يجب ألا يسبق الثاني الأول، وألا تزيد على {most} يومًا.",
    )


class NoRule(Invalid):
    """A rule is written as procedures write it."""

    slug = "no-deadline-rule"
    title = Text(en="The deadline rule cannot be read", ar="تعذّرت قراءة قاعدة الأجل")
    detail = Text(
        en="{rule} is not a deadline rule within the limits: write one such as “10 working days after x”, "
        "“180 days before x”, “1 month after x” or “on x”.",
        ar="«{rule}» ليست قاعدة أجل ضمن الحدود: اكتب مثلًا “10 working days after x” أو “180 days before x” "
        "أو “1 month after x” أو “on x”.",
    )


class CalendarInquiries(Inquiries):
    """What is known of calendars, in their newest version or in the one that is named; nothing is stored."""

    kinds: ClassVar[Mapping[str, str]] = {"calendars": "calendar"}

    async def version(self, id: str, version: int, when: AsOf | None = None) -> Response:
        """Answer with a version whole, and with the event that made it; it never changes."""
        calendar = await self.calendar(id, version, when)
        made = (await self._store.history(stream_of(Calendar.kind, id), version - 1, limit=1))[0]
        facts = {**told(made), "calendar": calendar}
        return json_response(facts, headers={} if when is None else when.headers())

    async def days(
        self, id: str, start: date, end: date, version: int | None, when: AsOf | None = None
    ) -> Response:
        """Answer with every day of a span: whether it works, and why not."""
        if not 0 <= (end - start).days < MOST_DAYS:
            raise DaysOutOfOrder(start=start.isoformat(), end=end.isoformat(), most=MOST_DAYS)
        calendar = await self.calendar(id, version, when)
        every = [start + timedelta(days=number) for number in range((end - start).days + 1)]
        facts = {
            **_named(calendar),
            "days": [told_day(day, calendar) for day in every],
            "working_days": sum(map(calendar.works_on, every)),
        }
        return json_response(facts, headers=standing(self._views.position, when))

    async def reckon(
        self,
        id: str,
        rule: str,
        anchored_on: date,
        roll: Roll,
        also: Sequence[str],
        version: int | None,
        when: AsOf | None = None,
    ) -> Response:
        """Answer with what a rule gives from a day on, told day by day; `also` are calendars beside it."""
        first = await self.calendar(id, version, when)
        others = [await self.calendar(other, None, when) for other in also]
        calendar = joined(first, *others)
        try:
            deadline = deadline_of(Rule.parse(rule), anchored_on, roll, calendar)
        except (ValueError, OverflowError) as reason:
            raise NoRule(rule=rule) from reason
        facts = {**_named(first), "deadline": deadline, **_explained(deadline, calendar)}
        return json_response(facts, headers=standing(self._views.position, when))

    async def reckoning(self, task: str, when: AsOf | None = None) -> Response:
        """Answer with how the deadline of a task was reckoned, told day by day under all of its calendars.

        That is what its rule gave, what was granted, and what holds gave back; the last day is `due_on`.
        """
        position = await self.folded(when)
        # Everything is of this one position, so that no hold is told that the deadline does not know yet.
        deadline = (await self._store.load(Deadline, task, position)).must_exist()
        computed = deadline.computed
        assert computed is not None, "an existing deadline was set"
        asked = await self._store.load(Task, task, position)
        terms = asked.planned
        calendar = await self.joined(computed.calendars, when)
        records = await self._store.history(stream_of(Deadline.kind, task), upto=position)
        holds = await self._holds(terms, ended_at(records) or position)
        steps = steps_of(deadline, asked, computed, holds, calendar)
        facts: dict[str, Any] = {
            "task": task,
            "counts_by": terms.counts_by,
            "host": terms.host,
            "calendars": [_named(one) | {"country": one.country} for one in calendar.each],
            "deadline": computed,
            "windows": windows_of(records),
            **told_steps(steps, holds, computed, calendar),
            "extension": None if deadline.granted is None else deadline.granted.extension,
            "suspended_since": None if deadline.suspension is None else deadline.suspension.since,
            "due_on": deadline.due_on,
        }
        return json_response(facts, headers=standing(position, when))

    async def _holds(self, terms: TaskPlanned, at: int) -> Sequence[Hold]:
        """The holds that cover a task, as they were known at a position: none where no decree wants it."""
        if terms.decree is None:
            return ()
        decree = await self._store.load(Decree, terms.decree, at)
        return decree.covering(terms.article, terms.measure)

    async def joined(self, named: Sequence[CalendarVersion], when: AsOf | None = None) -> WorkingCalendar:
        """Return versions of calendars as one; refuse an unknown one."""
        return joined(*[await self.calendar(one.calendar, one.version, when) for one in named])

    async def calendar(self, id: str, version: int | None, when: AsOf | None = None) -> WorkingCalendar:
        """Return a version of a calendar, the newest of then where none is named; refuse an unknown one."""
        found = (await self._store.load(Calendar, id, past(when))).must_exist()
        return found.in_force() if version is None else found.of_version(version)


def _explained(deadline: Computed, calendar: WorkingCalendar) -> dict[str, Any]:
    days, more = shortened(explained(deadline, calendar))
    return {"days": days, "more_days": more}


def _named(calendar: WorkingCalendar) -> dict[str, Any]:
    return {"calendar": calendar.name, "version": calendar.version, "label": calendar.label}
