"""How far a deadline may be put off: to a working day after it and after today, and within bounds."""

from datetime import date

from services.tasks.extension.refusals import UntilNotLater, UntilTooFar
from services.tasks.task import Task
from shared.calendar import WorkingCalendar, rolled
from shared.calendar.rule import add_months

MOST_MONTHS = 60
"""No single grant goes further, from the deadline or from today: what needs longer needs a new decision."""


def day_granted(task: Task, due_on: date, until: date, today: date, calendar: WorkingCalendar) -> date:
    """The working day on which a deadline is that is put off until a day, by the roll of its task.

    Refuses a day that is not after the present deadline and after today once it is rolled, and one that is
    too far.
    """
    day = rolled(until, task.planned.roll, calendar)
    if day <= due_on or day <= today:
        raise UntilNotLater(
            task=task.id,
            due_on=due_on.isoformat(),
            until=until.isoformat(),
            day=day.isoformat(),
            today=today.isoformat(),
        )
    furthest = add_months(max(due_on, today), MOST_MONTHS)
    if day > furthest:
        raise UntilTooFar(task=task.id, until=until.isoformat(), furthest=furthest.isoformat())
    return day
