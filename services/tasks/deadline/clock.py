"""What holds do to a deadline's clock, as arithmetic and as events."""

from collections.abc import Sequence
from datetime import date

from services.tasks.decree import Hold
from services.tasks.task import Task
from services.tasks.task.facts import About
from shared.calendar import (
    Standing,
    Stoppage,
    WorkingCalendar,
    day_of,
    end_of_day,
    warning_of,
    working_days_between,
)
from shared.contracts import tasks as said


def stoppages_of(holds: Sequence[Hold], calendar: WorkingCalendar) -> list[Stoppage]:
    """The days between which holds stop the clock, in the calendar's zone."""
    return [
        Stoppage(day_of(hold.since, calendar), None if hold.until is None else day_of(hold.until, calendar))
        for hold in holds
    ]


def suspended(
    about: About, standing: Standing, since: date, holds: Sequence[Hold], calendar: WorkingCalendar
) -> said.DeadlineSuspended:
    """Say that the clock stands; the open hold that is the oldest by its effect is named for it."""
    first = min((hold for hold in holds if hold.until is None), key=lambda hold: (hold.since, hold.hold))
    return said.DeadlineSuspended(
        **about,
        hold=first.hold,
        since=since,
        due_on=standing.due_on,
        due_at=end_of_day(standing.due_on, calendar),
        working_days_left=standing.working_days_left,
    )


def resumed(
    task: Task, due_on: date, supersedes: date, holds: Sequence[Hold], calendar: WorkingCalendar
) -> said.DeadlineResumed:
    """Say that the clock goes on; the hold that was the last to end is named for it."""
    until, last = max((hold.until, hold.hold) for hold in holds if hold.until is not None)
    since = day_of(until, calendar)
    return said.DeadlineResumed(
        **task.about,
        hold=last,
        since=since,
        due_on=due_on,
        due_at=end_of_day(due_on, calendar),
        warn_at=warning_of(due_on, task.planned.warn_days, calendar),
        supersedes_due_on=supersedes,
        working_days_left=working_days_between(since, due_on, calendar),
    )
