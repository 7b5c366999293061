"""What a deadline's decisions are taken with: the calendar that it was computed under, and its holds."""

from collections.abc import Sequence

from services.tasks.calendar import Calendar
from services.tasks.deadline import Deadline
from services.tasks.decree import Decree, Hold
from services.tasks.task import Task
from shared.calendar import WorkingCalendar
from shared.eventstore.command import Turn


def calendar_of(turn: Turn, deadline: Deadline) -> WorkingCalendar:
    """The version of the calendar that a deadline, which must be set, was computed under."""
    computed = deadline.computed
    assert computed is not None, f"{deadline.stream} is not set"
    return turn.get(Calendar, computed.calendar).of_version(computed.calendar_version)


def holds_of(turn: Turn, task: Task) -> Sequence[Hold]:
    """The holds, open and lifted, that cover a task: none where no decree wants it."""
    terms = task.planned
    if terms.decree is None:
        return ()
    return turn.get(Decree, terms.decree).covering(terms.article, terms.measure)
