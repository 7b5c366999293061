"""How a deadline came to its day, step by step: its rule, what was granted, and every hold that stopped it.

The last day that is told is the day on which it is due.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.tasks.deadline import Deadline
from services.tasks.deadline.events import stoppages_of
from services.tasks.decree import Hold
from services.tasks.task import Task
from shared.calendar import Deadline as Computed
from shared.calendar import (
    ExplainedDay,
    Part,
    Stoppage,
    Stopped,
    WorkingCalendar,
    explained,
    stops,
    told_grant,
    told_stop,
)
from shared.contracts import tasks as said
from shared.contracts.meta import rfc3339
from shared.eventstore.record import Record

MOST_DAYS = 1100
"""Days that one answer tells: three years."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """What leads to a day, and what it says; `due_on` is that day, the one before it where nothing moves."""

    kind: str
    due_on: date
    told: Row = field(default_factory=dict)
    grant: date | None = None
    stop: Stopped | None = None

    def days(self, computed: Computed, calendar: WorkingCalendar, last: Part) -> Iterator[ExplainedDay]:
        """The days of the step in the order in which they are gone through."""
        if self.stop is not None:
            return told_stop(self.stop, calendar, last)
        if self.grant is not None:
            return told_grant(self.grant, self.due_on, calendar, last)
        return explained(computed, calendar, last) if self.kind == "rule" else iter(())


def steps_of(
    deadline: Deadline, task: Task, computed: Computed, holds: Sequence[Hold], calendar: WorkingCalendar
) -> list[Step]:
    """The steps from the rule to the present due day; `holds` are all that were known when it came to it."""
    named = {"rule": computed.rule, "anchored_on": computed.anchored_on, "raw": computed.raw}
    steps = [Step("rule", computed.due_on, named)]
    course, _ = deadline.course(task, calendar, holds)
    if deadline.granted is not None:
        counts = course.granted
        grant, facts = deadline.granted, {"extension": deadline.granted.extension, "counts": counts}
        day = grant.until if counts else None
        steps.append(Step("extension", course.due_on, facts | {"until": grant.until}, grant=day))
    stoppages, begins = stoppages_of(holds, calendar), course.runs_from
    counting = [one for one in stoppages if one.until is None or one.until > begins]
    steps += [
        Step("hold", stop.due_on, _told(stop, counting), stop=stop)
        for stop in stops(course.due_on, begins, stoppages, calendar)
    ]
    return steps


def told_steps(
    steps: Sequence[Step], holds: Sequence[Hold], computed: Computed, calendar: WorkingCalendar
) -> Row:
    """The steps, and every day of them with the number of its step; the last day is due, the others were.

    Where there are more than three years of days, those in the middle are left out, and never the last one.
    """
    counting = {one["hold"] for step in steps for one in step.told.get("holds", ())}
    days, more = shortened(_days(steps, computed, calendar))
    return {
        "steps": [
            {"step": number, "kind": step.kind, "due_on": step.due_on, **step.told}
            for number, step in enumerate(steps, 1)
        ],
        "days": days,
        "more_days": more,
        "holds_that_moved_nothing": [
            _named(one) for one in stoppages_of(holds, calendar) if one.cause not in counting
        ],
    }


def shortened(days: Iterable[Any]) -> tuple[list[Any], bool]:
    """As many days as an answer tells, the last of all as the last one; and whether that leaves some out."""
    kept: list[Any] = []
    every = iter(days)
    for day in every:
        kept.append(day)
        if len(kept) == MOST_DAYS:
            break
    rest = deque(every, maxlen=1)
    return ([*kept[:-1], rest[0]], True) if rest else (kept, False)


def windows_of(records: Iterable[Record]) -> list[Row]:
    """What the rule gave, one after the other, and by what each differs from the one before it."""
    found: list[Row] = []
    before: Computed | None = None
    for record in records:
        if isinstance(record.event, said.DeadlineSet):
            computed = record.event.deadline
            found.append(
                {
                    "set_at": rfc3339(record.event.set_at or record.effective_at),
                    "recorded_at": rfc3339(record.recorded_at),
                    "because": [] if before is None else list(_differing(before, computed)),
                    "deadline": computed,
                }
            )
            before = computed
    return found


def ended_at(records: Iterable[Record]) -> int | None:
    """The position at which a deadline ended: what became known of holds after it moved it no more."""
    ends = (said.DeadlineMet, said.DeadlineDropped)
    return next((record.position for record in records if isinstance(record.event, ends)), None)


def _days(steps: Sequence[Step], computed: Computed, calendar: WorkingCalendar) -> Iterator[Row]:
    final = max(number for number, step in enumerate(steps) if step.kind != "extension" or step.grant)
    for number, step in enumerate(steps):
        last = Part.DUE if number == final else Part.WAS_DUE
        for day in step.days(computed, calendar, last):
            yield {"step": number + 1, **day.model_dump(mode="json")}


def _told(stop: Stopped, stoppages: Iterable[Stoppage]) -> Row:
    """A stoppage with the holds that it consists of."""
    parts = [one for one in stoppages if _falls_into(one, stop)]
    return {
        "since": stop.since,
        "until": stop.until,
        "due_before": stop.due_before,
        "working_days_left": stop.working_days_left,
        "holds": [_named(one) for one in parts],
    }


def _falls_into(one: Stoppage, stop: Stopped) -> bool:
    ends_in_it = one.until is None or one.until > stop.since
    return ends_in_it and (stop.until is None or one.since <= stop.until)


def _named(one: Stoppage) -> Row:
    return {"hold": one.cause, "since": one.since, "until": one.until}


def _differing(before: Computed, after: Computed) -> Iterator[str]:
    if before.anchored_on != after.anchored_on:
        yield "dates"
    if (before.rule, before.roll) != (after.rule, after.roll):
        yield "window"
    if before.calendars != after.calendars:
        yield "calendar"
