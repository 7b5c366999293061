"""The events of a deadline that say when it is due: what is computed, and what follows from it."""

from collections.abc import Sequence
from datetime import date

from services.tasks.deadline.standing import Granted, Suspension
from services.tasks.decree import Hold
from services.tasks.task import Task
from shared.calendar import Deadline as Computed
from shared.calendar import (
    Rule,
    Standing,
    Stoppage,
    WorkingCalendar,
    day_of,
    deadline_of,
    end_of_day,
    warning_of,
    working_days_between,
)
from shared.contracts import tasks as said
from shared.domain import Moment


def stoppages_of(holds: Sequence[Hold], calendar: WorkingCalendar) -> list[Stoppage]:
    """The days between which holds stop the clock, in the calendar's zone."""
    return [
        Stoppage(
            day_of(hold.since, calendar),
            None if hold.until is None else day_of(hold.until, calendar),
            hold.hold,
        )
        for hold in holds
    ]


def was_set(
    task: Task,
    computed: Computed,
    before: Computed | None,
    standing: Granted | None,
    due_on: date,
    runs_from: date,
    calendar: WorkingCalendar,
    moment: Moment,
) -> said.DeadlineSet:
    """Say that the rule gives a deadline; what was granted and is `standing` may give the due day instead."""
    terms = task.planned
    opening = None
    if terms.opens is not None:
        opening = deadline_of(Rule.parse(terms.opens), computed.anchored_on, terms.roll, calendar)
    due_at = end_of_day(due_on, calendar)
    return said.DeadlineSet(
        **task.about,
        opens_on=None if opening is None else opening.due_on,
        deadline=computed,
        due_on=due_on,
        due_at=due_at,
        warn_at=warning_of(due_on, terms.warn_days, calendar),
        runs_from=runs_from,
        provisional=computed.provisional if due_on == computed.due_on else not calendar.covers(due_on),
        already_past=due_at <= moment.recorded_at,
        extension=None if standing is None else standing.extension,
        supersedes=before,
        set_at=moment.at_latest_now.effective_at,
        handed_in_at=task.submitted_at if before is None else None,
    )


def suspended(
    task: Task, standing: Standing, holds: Sequence[Hold], calendar: WorkingCalendar, provisional: bool
) -> said.DeadlineSuspended:
    """Say that the clock stands; the open hold that is the oldest by its effect is named for it."""
    assert standing.since is not None, "the clock runs"
    first = min((hold for hold in holds if hold.until is None), key=lambda hold: (hold.since, hold.hold))
    return said.DeadlineSuspended(
        **task.about,
        hold=first.hold,
        since=standing.since,
        due_on=standing.due_on,
        due_at=end_of_day(standing.due_on, calendar),
        working_days_left=standing.working_days_left,
        calendar=calendar.name,
        calendar_version=calendar.version,
        also=calendar.also,
        provisional=_depends(standing, calendar, provisional),
    )


def resumed(
    task: Task,
    standing: Standing,
    stood: Suspension | None,
    supersedes: date,
    holds: Sequence[Hold],
    calendar: WorkingCalendar,
    provisional: bool,
    moment: Moment,
) -> said.DeadlineResumed:
    """Say that the clock goes on; `stood` is how it stood until now, `provisional` what the base day is."""
    hold, since = _ended(standing, stood, holds, calendar)
    due_on, due_at = standing.due_on, end_of_day(standing.due_on, calendar)
    return said.DeadlineResumed(
        **task.about,
        hold=hold,
        since=since,
        due_on=due_on,
        due_at=due_at,
        warn_at=warning_of(due_on, task.planned.warn_days, calendar),
        supersedes_due_on=supersedes,
        working_days_left=working_days_between(since, due_on, calendar),
        already_past=due_at <= moment.recorded_at,
        calendar=calendar.name,
        calendar_version=calendar.version,
        also=calendar.also,
        provisional=_depends(standing, calendar, provisional),
    )


def _ended(
    standing: Standing, stood: Suspension | None, holds: Sequence[Hold], calendar: WorkingCalendar
) -> tuple[str, date]:
    """The hold with whose end the clock goes on, and its day.

    That is the last that moved the due day, unless the clock stood for a later one which was over on its
    own day and moved nothing.
    """
    last = standing.last
    if last is not None and last.until is not None and (stood is None or stood.since <= last.until):
        return last.cause, last.until
    assert stood is not None, "without a stoppage nothing goes on"
    until = next((hold.until for hold in holds if hold.hold == stood.hold), None)
    return stood.hold, stood.since if until is None else max(stood.since, day_of(until, calendar))


def goes_on_from(
    stood: Suspension | None, resumed_on: date | None, stoppages: Sequence[Stoppage], today: date
) -> date:
    """The day from which stoppages count against a day that is granted today.

    That is the day since which the clock stands or, where it passed before they began, the first since which
    something would stop it; otherwise the day on which the last of them was over.
    """
    if stood is not None:
        return stood.since
    if open := [one.since for one in stoppages if one.until is None]:
        return min(open)
    over = [one.until for one in stoppages if one.until is not None and one.since < one.until <= today]
    return max([*over, resumed_on or date.min])


def extended(
    task: Task, extension: str, until: date, supersedes: date, runs_from: date, calendar: WorkingCalendar
) -> said.DeadlineExtended:
    """Say that the deadline is put off to a working day; holds count against it from a day on."""
    return said.DeadlineExtended(
        **task.about,
        extension=extension,
        due_on=until,
        due_at=end_of_day(until, calendar),
        warn_at=warning_of(until, task.planned.warn_days, calendar),
        supersedes_due_on=supersedes,
        runs_from=runs_from,
        calendar=calendar.name,
        calendar_version=calendar.version,
        also=calendar.also,
        provisional=not calendar.covers(until),
    )


def _depends(standing: Standing, calendar: WorkingCalendar, provisional: bool) -> bool:
    """Whether a due day, or a day from which it is counted, is one whose holidays nobody knows yet."""
    last = standing.last
    counted = [standing.due_on, standing.since]
    if last is not None:
        counted += [last.since, last.until]
    return provisional or not all(calendar.covers(day) for day in counted if day is not None)
