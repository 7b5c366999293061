"""A deadline: set by a rule, stopped by holds, extended, met or missed."""

from collections.abc import Sequence
from datetime import date, datetime

from services.tasks.deadline.events import extended, goes_on_from, resumed, stoppages_of, suspended, was_set
from services.tasks.deadline.folding import StandingDeadline
from services.tasks.deadline.standing import IN_TIME, RETURNED, TOLERANCE, Ground, Miss, Suspension
from services.tasks.deadline.verdicts import met, missed, near, qualified
from services.tasks.decree import Hold
from services.tasks.task import Task, TaskState
from shared.calendar import Deadline as Computed
from shared.calendar import Rule, WorkingCalendar, day_of, deadline_of, reckon
from shared.contracts import tasks as said
from shared.contracts.text import Text
from shared.domain import Moment

Holds = Sequence[Hold]


def _may_have(task: Task, before: Computed | None) -> bool:
    """Whether a task gets a deadline: one that is open, or one that was accepted before it had any."""
    if task.state is TaskState.ACCEPTED:
        return before is None and task.submitted_at is not None
    return not task.state.settled


class Deadline(StandingDeadline):
    """The deadline of a task, under the task's own id. A miss stands for good, once for each due day.

    Whatever changes something records first what has passed by then, so that it does not matter whether the
    sweeper came before it. `holds` are all that cover the task, open and lifted; `known_at` is when another
    service recorded what comes from it: what had not passed then is no miss, however late that arrives.
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
        terms, before = task.planned, self.computed
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
        self.record(was_set(task, computed, before, standing, runs_from, calendar, moment), moment)
        self.follow(task, calendar, holds, moment)
        if before is None:
            self._open(task, holds, moment)
        return True

    def follow(self, task: Task, calendar: WorkingCalendar, holds: Holds, moment: Moment) -> bool:
        """Let the clock stand or go on, as all holds that cover the task have it; tell whether it is new."""
        if self.computed is None or self.ending is not None:
            return False
        standing = reckon(self.base_due_on, self.runs_from, stoppages_of(holds, calendar), calendar)
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

    def extend(
        self, task: Task, extension: str, until: date, calendar: WorkingCalendar, holds: Holds, moment: Moment
    ) -> None:
        """Put the deadline off to a working day. A miss of the day before it stays one.

        The holds that are over by now are in the day that is granted; one that is open goes on from its day.
        """
        self.miss(task, holds, moment)
        days = stoppages_of(holds, calendar)
        today = day_of(moment.recorded_at, calendar)
        runs_from = max(self.runs_from, goes_on_from(self.suspension, self.resumed_on, days, today))
        self.record(extended(task, extension, until, self.due_on, runs_from, calendar), moment)
        self.follow(task, calendar, holds, moment)

    def approach(self, task: Task, calendar: WorkingCalendar, moment: Moment) -> bool:
        """Say once for each due day that it is near; tell whether that was to be said."""
        if not self._runs(task.handed_in) or self.due_on in self.warned or self.due_at is None:
            return False
        if self.warn_at is None or not self.warn_at <= moment.recorded_at < self.due_at:
            return False
        self.record(near(task, self.due_on, self.due_at, calendar, moment), moment)
        return True

    def miss(self, task: Task, holds: Holds, moment: Moment, known_at: datetime | None = None) -> bool:
        """Record once for each due day that it passed without the work; tell whether that was so now."""
        if known_at is not None and self.due_at is not None and known_at < self.due_at:
            return False
        return self._miss(task, task.handed_in, holds, moment)

    def to_be_missed(self, task: Task, now: datetime) -> bool:
        """Whether the present due day is over and a miss of it will be recorded as the sweeper comes."""
        return self.due_at is not None and self.due_at <= now and self._runs(task.handed_in)

    def over(self, task: Task, now: datetime) -> bool:
        """Whether the present due day is missed, or will be as soon as the sweeper comes."""
        return self.missed or self.to_be_missed(task, now)

    def in_time(self, moment: datetime) -> bool:
        """Whether work of this moment is in time, as things stand: before the due moment or in a stoppage."""
        return self.due_at is None or self.suspension is not None or moment < self.due_at

    def hand_in(self, task: Task, holds: Holds, moment: Moment) -> None:
        """Take note that the task was submitted: late it is missed, and an earlier moment qualifies that."""
        self._miss(task, False, holds, moment)
        self._qualify_by_submission(task, IN_TIME, moment)

    def give_back(self, task: Task, holds: Holds, moment: Moment) -> None:
        """Take note that submitted work was returned: after the due moment it is missed at once, not late.

        Its doers had handed it in, and where that was in time, it stands beside the miss.
        """
        self._miss(task, False, holds, moment, since=moment.recorded_at)
        self._qualify_by_submission(task, RETURNED, moment)

    def qualify(
        self,
        task: Task,
        ground: Ground,
        reason: Text,
        effective_at: datetime,
        moment: Moment,
        submitted_recorded_at: datetime | None = None,
    ) -> None:
        """Put beside each miss, once, what took effect before its due moment and became known after it."""
        for miss in self.misses:
            if effective_at < miss.due_at and ground not in miss.grounds:
                self.record(
                    qualified(task, miss, ground, reason, effective_at, submitted_recorded_at), moment
                )

    def meet(self, task: Task, moment: Moment) -> None:
        """End with the acceptance of the work; whether it was in time is judged by when it was handed in.

        That is by the deadline as it stood then; and never is it, where a miss of the present due day stands
        that nothing qualifies. A task without a deadline has nothing to meet.
        """
        if self.due_at is None or self.ending is not None or task.submitted_at is None:
            return
        plainly_missed = any(miss.due_on == self.due_on and not miss.grounds for miss in self.misses)
        on_time = self._in_time(task) and not plainly_missed
        self.record(met(task, self.due_on, task.submitted_at, on_time), moment)

    def drop(self, task: Task, was_handed_in: bool, holds: Holds, moment: Moment) -> None:
        """End with the cancelled task; what was missed by then stays missed."""
        if self.computed is not None and self.ending is None:
            self._miss(task, was_handed_in, holds, moment)
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

    def _in_time(self, task: Task) -> bool:
        """Whether work was in time by the deadline as it stood when it was handed in, or when it opened."""
        at = task.submitted_at
        if at is None or at != self.opened_for:
            return task.in_time
        return not any(miss.due_at <= at for miss in self.misses)

    def _qualify_by_submission(self, task: Task, reason: Text, moment: Moment) -> None:
        if (at := task.submitted_at) is not None:
            ground = Ground(said.MissGround.SUBMISSION)
            self.qualify(task, ground, reason, at, moment, task.submitted_recorded_at)

    def _runs(self, handed_in: bool) -> bool:
        stands = self.suspension is not None or self.ending is not None
        return not (self.computed is None or stands or handed_in or self.missed)

    def _miss(
        self, task: Task, handed_in: bool, holds: Holds, moment: Moment, since: datetime | None = None
    ) -> bool:
        """Record the miss, and beside it the holds in force at the due moment.

        `since` is when it could first be known; where nothing is said, when it was due and known to be.
        """
        computed, due_at = self.computed, self.due_at
        if computed is None or due_at is None or not self._runs(handed_in) or moment.recorded_at < due_at:
            return False
        known = max(due_at, self.modified_on) if since is None else since
        miss, late = Miss(self.due_on, due_at), moment.recorded_at - known > TOLERANCE
        event = missed(task, miss, computed, self.extensions, late, self.already_past)
        self.record(event, Moment(moment.recorded_at, due_at))
        for hold in holds:
            if hold.in_force_at(due_at):
                ground = Ground(said.MissGround.HOLD, hold.hold)
                self.qualify(task, ground, hold.reason, hold.since, moment)
        return True
