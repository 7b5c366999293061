"""What a deadline's decisions are taken with: the calendars that it was computed under, and its holds."""

from collections.abc import Sequence

from services.tasks.calendar import Calendar, joined
from services.tasks.deadline import Deadline
from services.tasks.decree import Decree, Hold
from services.tasks.reading import Reading
from services.tasks.task import Task
from shared.calendar import CalendarVersion, WorkingCalendar
from shared.eventstore.command import Turn


def calendar_of(turn: Reading, deadline: Deadline) -> WorkingCalendar:
    """The versions of the calendars that a deadline, which must be set, was computed under, as one."""
    assert deadline.computed is not None, f"{deadline.stream} is not set"
    return joined(*(version_of(turn, one) for one in deadline.computed.calendars))


def version_of(turn: Reading, named: CalendarVersion) -> WorkingCalendar:
    """A version of a calendar that something stands under."""
    return turn.get(Calendar, named.calendar).of_version(named.version)


def holds_of(turn: Turn, task: Task) -> Sequence[Hold]:
    """The holds, open and lifted, that cover a task: none where no decree wants it."""
    terms = task.planned
    if terms.decree is None:
        return ()
    return turn.get(Decree, terms.decree).covering(terms.article, terms.measure)
