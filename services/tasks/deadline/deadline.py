"""A deadline: set by a rule, stopped by holds, extended, met or missed."""

from collections.abc import Sequence
from datetime import date, datetime

from services.tasks.deadline.clock import resumed, stoppages_of, suspended
from services.tasks.deadline.standing import IN_TIME, TOLERANCE, Ending, Granted, Ground, Miss, Suspension
from services.tasks.decree import Hold
from services.tasks.task import Task
from shared.calendar import Deadline as Computed
from shared.calendar import (
    Rule,
    WorkingCalendar,
    day_of,
    deadline_of,
    end_of_day,
    reckon,
    rolled,
    warning_of,
    working_days_between,
)
from shared.contracts import tasks as said
from shared.contracts.event import Event
from shared.contracts.text import Text
from shared.domain import Aggregate, Moment


class Deadline(Aggregate):
    """The deadline of a task, under the task's own id.

    `computed` is what the rule says, `base_due_on` that or what was granted instead, `due_on` the same after
    the holds since `runs_from`. A miss stands for good, once for each due day.
    """

    kind = "deadline"

    computed: Computed | None = None
    granted: Granted | None = None
    extensions: int = 0
    base_due_on: date = date.max
    runs_from: date = date.max
    resumed_on: date | None = None
    due_on: date = date.max
    due_at: datetime | None = None
    warn_at: datetime | None = None
    suspension: Suspension | None = None
    warned: tuple[date, ...] = ()
    misses: tuple[Miss, ...] = ()
    ending: Ending | None = None

    @property
    def missed(self) -> bool:
        """Whether the present due day was missed."""
        return any(miss.due_on == self.due_on for miss in self.misses)

    def set(
        self, task: Task, anchored_on: date, calendar: WorkingCalendar, holds: Sequence[Hold], moment: Moment
    ) -> bool:
        """Compute the deadline from its anchor; tell whether there is a new one.

        A settled task and an unchanged deadline are left alone. Another anchor sets the deadline anew by its
        rule: extensions and holds of before no longer count, but an open hold stops it at once. Under the
        same anchor, with a newer version of the calendar, an extension stands and holds are given back again.
        """
        terms, before = task.planned, self.computed
        computed = deadline_of(Rule.parse(terms.due), anchored_on, terms.roll, calendar)
        if task.state.settled or computed == before:
            return False
        self.miss(task, moment)
        anew = before is None or before.anchored_on != anchored_on
        standing = None if anew else self.granted
        due_on = computed.due_on if standing is None else rolled(standing.until, terms.roll, calendar)
        opening = terms.opens and deadline_of(Rule.parse(terms.opens), anchored_on, terms.roll, calendar)
        was_set = said.DeadlineSet(
            **task.about,
            opens_on=opening.due_on if opening else None,
            deadline=computed,
            due_on=due_on,
            due_at=end_of_day(due_on, calendar),
            warn_at=warning_of(due_on, terms.warn_days, calendar),
            runs_from=day_of(moment.effective_at, calendar) if anew else self.runs_from,
            extension=standing.extension if standing else None,
            supersedes=before,
        )
        self.record(was_set, moment)
        self.follow(task, calendar, holds, moment)
        return True

    def follow(self, task: Task, calendar: WorkingCalendar, holds: Sequence[Hold], moment: Moment) -> bool:
        """Let the clock stand or go on, as all holds that cover the task have it; tell whether it is new."""
        if self.computed is None or self.ending is not None:
            return False
        standing = reckon(self.base_due_on, self.runs_from, stoppages_of(holds, calendar), calendar)
        if standing.since is not None:
            suspension = Suspension(standing.since, standing.working_days_left)
            if (suspension, standing.due_on) == (self.suspension, self.due_on):
                return False
            self.record(suspended(task.about, standing, standing.since, holds, calendar), moment)
            return True
        if self.suspension is None and standing.due_on == self.due_on:
            return False
        self.record(resumed(task, standing.due_on, self.due_on, holds, calendar), moment)
        return True

    def extend(
        self,
        task: Task,
        extension: str,
        until: date,
        calendar: WorkingCalendar,
        holds: Sequence[Hold],
        moment: Moment,
    ) -> None:
        """Put the deadline off to a working day. A miss of the day before it stays one."""
        self.miss(task, moment)
        extended = said.DeadlineExtended(
            **task.about,
            extension=extension,
            due_on=until,
            due_at=end_of_day(until, calendar),
            warn_at=warning_of(until, task.planned.warn_days, calendar),
            supersedes_due_on=self.due_on,
        )
        self.record(extended, moment)
        self.follow(task, calendar, holds, moment)

    def approach(self, task: Task, calendar: WorkingCalendar, moment: Moment) -> bool:
        """Say once for each due day that it is near; tell whether that was to be said."""
        if not self._runs(task.handed_in) or self.due_on in self.warned or self.due_at is None:
            return False
        if self.warn_at is None or not self.warn_at <= moment.recorded_at < self.due_at:
            return False
        today = day_of(moment.recorded_at, calendar)
        near = said.DeadlineApproaching(
            **task.about,
            due_on=self.due_on,
            due_at=self.due_at,
            working_days_left=working_days_between(today, self.due_on, calendar),
        )
        self.record(near, moment)
        return True

    def miss(self, task: Task, moment: Moment) -> bool:
        """Record once for each due day that it passed without the work; tell whether that was so now."""
        return self._miss(task, task.handed_in, moment)

    def hand_in(self, task: Task, moment: Moment) -> None:
        """Take note that the task was submitted: in time it qualifies misses, otherwise this is one."""
        if task.submitted_at is not None and self.due_at is not None and task.submitted_at < self.due_at:
            self.qualify(task, Ground(said.MissGround.SUBMISSION), IN_TIME, task.submitted_at, moment)
        else:
            self._miss(task, False, moment)

    def give_back(self, task: Task, moment: Moment) -> None:
        """Take note that submitted work was returned: after the due moment it is missed at once, not late."""
        self._miss(task, False, moment, since=moment.recorded_at)

    def qualify(
        self, task: Task, ground: Ground, reason: Text, effective_at: datetime, moment: Moment
    ) -> None:
        """Put beside each miss, once, what took effect before its due moment and became known after it."""
        for miss in self.misses:
            if effective_at < miss.due_at and ground not in miss.grounds:
                qualified = said.DeadlineMissQualified(
                    **task.about,
                    due_on=miss.due_on,
                    ground=ground.ground,
                    effective_at=effective_at,
                    reason=reason,
                    hold=ground.hold,
                )
                self.record(qualified, moment)

    def meet(self, task: Task, moment: Moment) -> None:
        """End with the acceptance of the work; whether it was in time is judged by when it was handed in.

        What is handed in while the clock stands is in time. A task without a deadline has nothing to meet.
        """
        if self.due_at is None or self.ending is not None or task.submitted_at is None:
            return
        met = said.DeadlineMet(
            **task.about,
            due_on=self.due_on,
            submitted_at=task.submitted_at,
            on_time=self.suspension is not None or task.submitted_at < self.due_at,
        )
        self.record(met, moment)

    def drop(self, task: Task, was_handed_in: bool, moment: Moment) -> None:
        """End with the cancelled task; what was missed by then stays missed."""
        if self.computed is not None and self.ending is None:
            self._miss(task, was_handed_in, moment)
            self.record(said.DeadlineDropped(**task.about, due_on=self.due_on), moment)

    def _runs(self, handed_in: bool) -> bool:
        stands = self.suspension is not None or self.ending is not None
        return not (self.computed is None or stands or handed_in or self.missed)

    def _miss(self, task: Task, handed_in: bool, moment: Moment, since: datetime | None = None) -> bool:
        """`since` is when it could first be known; where nothing is said, when it was due and known to be."""
        computed, due_at = self.computed, self.due_at
        if computed is None or due_at is None or not self._runs(handed_in) or moment.recorded_at < due_at:
            return False
        known = max(due_at, self.modified_on) if since is None else since
        missed = said.DeadlineMissed(
            **task.about,
            due_on=self.due_on,
            due_at=due_at,
            calendar=computed.calendar,
            calendar_version=computed.calendar_version,
            extensions=self.extensions,
            late=moment.recorded_at - known > TOLERANCE,
        )
        self.record(missed, moment)
        return True

    def evolve(self, event: Event) -> None:
        """Change state by one event."""
        match event:
            case said.DeadlineSet():
                self.computed, self.base_due_on = event.deadline, event.due_on
                if event.extension is None:
                    self.granted = None
                self.runs_from, self.resumed_on, self.suspension = event.runs_from, None, None
                self.due_on, self.due_at, self.warn_at = event.due_on, event.due_at, event.warn_at
            case said.DeadlineExtended():
                # The holds of before are in the day that was granted; one that is open goes on from its day.
                stands = self.suspension.since if self.suspension else self.resumed_on
                self.runs_from, self.resumed_on = stands or self.runs_from, None
                self.granted, self.extensions = Granted(event.extension, event.due_on), self.extensions + 1
                self.base_due_on = event.due_on
                self.due_on, self.due_at, self.warn_at = event.due_on, event.due_at, event.warn_at
            case said.DeadlineSuspended():
                self.suspension = Suspension(event.since, event.working_days_left)
                self.due_on, self.due_at = event.due_on, event.due_at
            case said.DeadlineResumed():
                self.suspension, self.resumed_on = None, event.since
                self.due_on, self.due_at, self.warn_at = event.due_on, event.due_at, event.warn_at
            case said.DeadlineApproaching():
                self.warned = (*self.warned, event.due_on)
            case said.DeadlineMissed():
                self.misses = (*self.misses, Miss(event.due_on, event.due_at))
            case said.DeadlineMissQualified():
                ground = Ground(event.ground, event.hold)
                self.misses = tuple(miss.qualified(event.due_on, ground) for miss in self.misses)
            case said.DeadlineMet():
                self.ending = Ending.MET
            case said.DeadlineDropped():
                self.ending = Ending.DROPPED
