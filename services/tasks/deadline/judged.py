"""What a deadline says of what came of it: missed, excused, met; nothing here says when it is due."""

from collections.abc import Container, Iterable, Sequence
from datetime import date, datetime

from services.tasks.deadline.folding import StandingDeadline
from services.tasks.deadline.standing import IN_TIME, RETURNED, TOLERANCE, Ground, Miss
from services.tasks.deadline.verdicts import met, missed, qualified
from services.tasks.decree import Hold
from services.tasks.task import Task
from shared.contracts import tasks as said
from shared.contracts.text import Text
from shared.domain import Moment

Holds = Sequence[Hold]


class JudgedDeadline(StandingDeadline):
    """A deadline and its misses: each stands for good, with what excuses it beside it.

    A due day is missed once, and once more where it was moved away and is due again.

    `holds` are all that cover the task, open and lifted; `known_at` is when another service recorded what
    comes from it: what had not passed then is no miss, however late that arrives.
    """

    def miss(self, task: Task, holds: Holds, moment: Moment, known_at: datetime | None = None) -> bool:
        """Record that the present due day passed without the work; tell whether that was so now."""
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
        of_days: Container[date] | None = None,
    ) -> None:
        """Put beside each miss, once, what took effect before its due moment and became known after it.

        Of the misses of one day that is the last; `of_days` are the only days where some are named.
        """
        for miss in {miss.due_on: miss for miss in self.misses}.values():
            excused = effective_at < miss.due_at and (of_days is None or miss.due_on in of_days)
            if excused and ground not in miss.grounds:
                self.record(
                    qualified(task, miss, ground, reason, effective_at, submitted_recorded_at), moment
                )

    def take_away(self, task: Task, because: Text, moment: Moment) -> None:
        """Put beside each miss that nothing was due any more by then: the task was taken away before."""
        self.qualify(task, Ground(said.MissGround.DROP), because, moment.effective_at, moment)

    def displace(self, task: Task, former: Iterable[date], because: Text, moment: Moment) -> None:
        """Put beside the misses of `former` days that another was due by then; not of one that still is."""
        ground, days = Ground(said.MissGround.MOVE), {day for day in former if day != self.due_on}
        self.qualify(task, ground, because, moment.effective_at, moment, of_days=days)

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
