"""By which day a deadline goes: that of its rule or the one that was granted, the later one after holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.tasks.deadline.standing import Granted
from shared.calendar import Deadline as Computed
from shared.calendar import Roll, Standing, Stoppage, WorkingCalendar, reckon, rolled


@dataclass(frozen=True, slots=True)
class Course:
    """A due day before holds, and the day from which these count; `granted` where it is more time."""

    due_on: date
    runs_from: date
    granted: bool = False


def courses(
    computed: Computed, runs_from: date, granted: Granted | None, roll: Roll, calendar: WorkingCalendar
) -> list[Course]:
    """The day of the rule, and the day that was granted, rolled under the calendar of today."""
    by_rule = Course(computed.due_on, runs_from)
    if granted is None:
        return [by_rule]
    return [by_rule, Course(rolled(granted.until, roll, calendar), granted.runs_from, granted=True)]


def reckoned(
    every: Sequence[Course], stoppages: Sequence[Stoppage], calendar: WorkingCalendar
) -> tuple[Course, Standing]:
    """The course that counts, and how it stands: the one that is due last after the holds that count for it.

    Time that was granted is more time: it never makes a task due earlier than its window and its holds do.
    The holds that were over at the grant are in the granted day, and still count for the day of the rule.
    """
    stand = [(course, reckon(course.due_on, course.runs_from, stoppages, calendar)) for course in every]
    return max(stand, key=lambda one: one[1].due_on)
