"""When the next step of a ladder is due: so many working days of silence after the one before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.tasks.escalation.escalation import Acknowledgement
from shared.calendar import Stoppage, WorkingCalendar, add_working_days, end_of_day, reckon
from shared.contracts.tasks import Ladder


@dataclass(frozen=True, slots=True)
class Rung:
    """A step that comes next: its number from 1, its day, and the moment at which that day is over.

    `since` is the day on which the clock was stopped: then the moment is not known.
    """

    step: int
    on: date
    at: datetime
    since: date | None


def next_rung(
    ladder: Ladder,
    step: int,
    stepped_on: date,
    holds: Sequence[Stoppage],
    answered: Sequence[Acknowledgement],
    calendar: WorkingCalendar,
) -> Rung | None:
    """Tell when the step after `step` is due, or None after the last.

    Holds and acknowledgements stop the clock alike: the working days that were left at their beginning are
    given back at their end. They count from the day of the last step on.
    """
    if step >= len(ladder.steps):
        return None
    due_on = add_working_days(stepped_on, ladder.steps[step].after, calendar)
    pauses = [Stoppage(one.since, one.until) for one in answered]
    standing = reckon(due_on, stepped_on, [*holds, *pauses], calendar)
    return Rung(step + 1, standing.due_on, end_of_day(standing.due_on, calendar), standing.since)
