"""A deadline: set by a rule, stopped by holds, extended, dropped; how it is judged is in `judged`."""

from datetime import date, datetime

from services.tasks.deadline.courses import Course, courses, reckoned
from services.tasks.deadline.events import extended, goes_on_from, resumed, stoppages_of, suspended, was_set
from services.tasks.deadline.judged import Holds, JudgedDeadline
from services.tasks.deadline.standing import (
    GRANTED_BEFORE,
    IN_TIME,
    OTHER_DATES,
    OTHER_DAYS,
    RETURNED,
    Suspension,
)
from services.tasks.deadline.verdicts import near
from services.tasks.task import Task, TaskState
from shared.calendar import Deadline as Computed
from shared.calendar import Rule, Standing, WorkingCalendar, day_of, deadline_of
from shared.contracts import tasks as said
from shared.contracts.text import Text
from shared.domain import Moment


def _may_have(task: Task, before: Computed | None) -> bool:
    """Whether a task gets a deadline: one that is open, or one that was accepted before it had any."""
    if task.state is TaskState.ACCEPTED:
        return before is None and task.submitted_at is not None
    return not task.state.settled


class Deadline(JudgedDeadline):
    """The deadline of a task, under the task's own id.

    Whatever changes something records first what has passed by then, so that it does not matter whether the
    sweeper came before it. What takes a due day away as of before it was over stands beside its miss.
    """

    kind = "deadline"

    def set(
        self,
        task: Task,
        anchored_on: date,
        calendar: WorkingCalendar,
        holds: Holds,
        moment: Moment,
        known_at: datetime | None = None,
    ) -> bool:
        """Compute the deadline from its anchor; tell whether there is a new one.

        A cancelled task, a deadline that ended and one that does not change are left alone. The first one of
        work that is handed in or accepted already is judged at once. Another anchor sets the deadline anew by
        its rule: extensions and holds of before no longer count, but an open hold stops it at once. Under the
        same anchor, with a newer version of the calendar, an extension stands and holds are given back again.
        """
        terms, before, was, set_at = task.planned, self.computed, self.due_on, self.set_at
        computed = deadline_of(Rule.parse(terms.due), anchored_on, terms.roll, calendar)
        if computed == before or self.ending is not None or not _may_have(task, before):
            return False
        self.miss(task, holds, moment, known_at)
        anew = before is None or before.anchored_on != anchored_on
        standing = None if anew else self.granted
        # No clock runs before the day on which it is told to, nor waits for a day that is to come.
        runs_from = self.runs_from
        if anew:
            runs_from = day_of(min(moment.effective_at, moment.recorded_at), calendar)
        every = courses(computed, runs_from, standing, terms.roll, calendar)
        due_on = reckoned(every, stoppages_of(holds, calendar), calendar)[0].due_on
        self.record(was_set(task, computed, before, standing, due_on, runs_from, calendar, moment), moment)
        self.follow(task, calendar, holds, moment)
        if before is None:
            self._open(task, holds, moment)
        elif set_at is None or set_at <= moment.effective_at:
            days = {was} if before.due_on == computed.due_on else {was, before.due_on}
            self.displace(task, days, OTHER_DATES if anew else OTHER_DAYS, moment)
        return True

    def follow(self, task: Task, calendar: WorkingCalendar, holds: Holds, moment: Moment) -> bool:
        """Let the clock stand or go on, as all holds that cover the task have it; tell whether it is new."""
        if self.computed is None or self.ending is not None:
            return False
        _, standing = self.course(task, calendar, holds)
        if standing.since is not None:
            suspension = Suspension(standing.since, standing.working_days_left)
            if (suspension, standing.due_on) == (self.suspension, self.due_on):
                return False
            self.record(suspended(task, standing, holds, calendar, self.provisional), moment)
            return True
        if self.suspension is None and standing.due_on == self.due_on:
            return False
        stood, due_on, provisional = self.suspension, self.due_on, self.provisional
        self.record(resumed(task, standing, stood, due_on, holds, calendar, provisional, moment), moment)
        return True

    def course(
        self, task: Task, calendar: WorkingCalendar, holds: Holds, computed: Computed | None = None
    ) -> tuple[Course, Standing]:
        """By which day it goes and how it stands, as all holds have it; `computed` may be what would be."""
        of_rule = computed or self.computed
        assert of_rule is not None, f"{self.stream} is not set"
        every = courses(of_rule, self.runs_from, self.granted, task.planned.roll, calendar)
        return reckoned(every, stoppages_of(holds, calendar), calendar)

    def extend(
        self, task: Task, extension: str, until: date, calendar: WorkingCalendar, holds: Holds, moment: Moment
    ) -> None:
        """Put the deadline off to a working day. A miss of the day before it stays one.

        The holds that are over by now are in the day that is granted; one that is open goes on from its day.
        """
        self.miss(task, holds, moment)
        days, was = stoppages_of(holds, calendar), self.due_on
        today = day_of(moment.recorded_at, calendar)
        runs_from = max(self.counts_from, goes_on_from(self.suspension, self.resumed_on, days, today))
        self.record(extended(task, extension, until, self.due_on, runs_from, calendar), moment)
        self.follow(task, calendar, holds, moment)
        self.displace(task, [was], GRANTED_BEFORE.format(extension=extension), moment)

    def approach(self, task: Task, calendar: WorkingCalendar, moment: Moment) -> bool:
        """Say once for each due day that it is near; tell whether that was to be said."""
        if not self._runs(task.handed_in) or self.due_on in self.warned or self.due_at is None:
            return False
        if self.warn_at is None or not self.warn_at <= moment.recorded_at < self.due_at:
            return False
        self.record(near(task, self.due_on, self.due_at, calendar, moment), moment)
        return True

    def drop(self, task: Task, was_handed_in: bool, holds: Holds, because: Text, moment: Moment) -> None:
        """End with the cancelled task; what was missed by then stays so, with what excuses it beside it."""
        if self.computed is not None and self.ending is None:
            self._miss(task, was_handed_in, holds, moment)
            self.take_away(task, because, moment)
            self.record(said.DeadlineDropped(**task.about, due_on=self.due_on), moment)

    def _open(self, task: Task, holds: Holds, moment: Moment) -> None:
        """Judge what was done before the deadline was known, as if it had been known.

        Work that was recorded as handed in after the due moment missed it, and an earlier moment of that
        stands beside the miss; so does that of work which was returned after it. What was accepted is met.
        """
        due_at, at = self.due_at, task.submitted_at
        if due_at is None or at is None:
            return
        known_late = (task.submitted_recorded_at or at) >= due_at
        stepped_at, returned = task.stepped_at or at, task.state is TaskState.RETURNED
        if known_late or (returned and stepped_at >= due_at):
            self._miss(task, False, holds, moment)
            self._qualify_by_submission(task, IN_TIME if known_late else RETURNED, moment)
        if task.accepted_at is not None:
            self.meet(task, Moment(moment.recorded_at, max(moment.effective_at, task.accepted_at)))
