"""What would become of a deadline under another version of its calendar; nothing is recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.tasks.deadline.deadline import Deadline
from services.tasks.decree import Hold
from services.tasks.task import Task
from shared.calendar import Deadline as Computed
from shared.calendar import Rule, Standing, WorkingCalendar, deadline_of


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What the rule would give, and how the deadline would stand after what was granted and after holds."""

    computed: Computed
    standing: Standing

    def misses(self, deadline: Deadline, task: Task, due_at: datetime, now: datetime) -> bool:
        """Whether the new due day, over at `due_at`, is over now and makes a miss."""
        missed = any(miss.due_on == self.standing.due_on and not miss.moved for miss in deadline.misses)
        stands = self.standing.since is not None
        return due_at <= now and not (missed or stands or task.handed_in)


def foreseen(
    deadline: Deadline, task: Task, calendar: WorkingCalendar, holds: Sequence[Hold]
) -> Foreseen | None:
    """Tell what `Deadline.set` would make of it under a version of its calendar, from the same anchor.

    None where there is nothing to move: it is not set, or over.
    """
    if deadline.computed is None or deadline.ending is not None or task.state.settled:
        return None
    terms = task.planned
    computed = deadline_of(Rule.parse(terms.due), deadline.computed.anchored_on, terms.roll, calendar)
    _, standing = deadline.course(task, calendar, holds, computed)
    return Foreseen(computed, standing)
