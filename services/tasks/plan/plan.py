"""A plan: the tasks by which one measure is carried out."""

from dataclasses import field
from datetime import datetime

from services.tasks.calendar import Reckoning
from services.tasks.plan.change import Replanning, in_plan
from services.tasks.plan.evolving import evolve
from services.tasks.plan.gates import conditions_of, satisfies, tasks_of_gate
from services.tasks.plan.refusals import (
    PlanInOtherState,
    PlanOver,
    PlanWithoutDate,
    SecondBaselineWithoutReason,
)
from services.tasks.plan.state import LIFECYCLE, RUNNING, STANDING, PlanState
from services.tasks.plan.terms import About, ClosingDates, Order
from shared.calendar import CalendarVersion
from shared.contracts import tasks as said
from shared.contracts.event import Event
from shared.contracts.meta import rfc3339
from shared.contracts.registry import MeasureKind, StaffOutcome
from shared.domain import Actor, Aggregate, Moment, acting
from shared.domain.refused_alike import DatesAcknowledged


class Plan(Aggregate):
    """The plan of a measure, under the measure's own id; it counts what its tasks gate.

    `order` is what it is drawn up from, as that stands now. `former` are the tasks of plans of this id that
    were dropped, so that no name is given twice. `superseded` are tasks that count for no gate any more.
    `calendar_version` and `host_calendar` are what its deadlines are counted by, and `notified` is what shows
    that the host State was told of dates and acknowledged them. `begun_at` is since when, in law, its measure
    is to be carried out, `dropped_at` since when it is not, `executed_at` since when that is done. `outcomes`
    are the people of whom an outcome is noted.
    """

    kind = "plan"
    snapshot_version = 6
    lifecycle = LIFECYCLE

    state: PlanState = PlanState.NONE
    order: Order | None = None
    tasks: tuple[said.PlannedTask, ...] = ()
    former: tuple[str, ...] = ()
    drafted_at: datetime | None = None
    begun_at: datetime | None = None
    dropped_at: datetime | None = None
    executed_at: datetime | None = None
    superseded: tuple[str, ...] = ()
    dates: ClosingDates | None = None
    calendar_version: int = 0
    host_calendar: CalendarVersion | None = None
    baseline: said.PlanApproved | None = None
    settled: dict[str, said.Outcome] = field(default_factory=dict)
    settled_for: dict[str, ClosingDates | None] = field(default_factory=dict)
    evidence: dict[str, tuple[said.Evidence, ...]] = field(default_factory=dict)
    satisfied: tuple[int, ...] = ()
    notified: said.PlanGateSatisfied | None = None
    outcomes: tuple[str, ...] = ()

    @property
    def ordered(self) -> Order:
        """What it is drawn up from; refuses where it does not exist."""
        self.must_exist()
        assert self.order is not None, "an existing plan begins with its draft"
        return self.order

    @property
    def counting(self) -> tuple[said.PlannedTask, ...]:
        """The tasks that count for gates: all but those that others stand for."""
        return tuple(task for task in self.tasks if task.task not in self.superseded)

    @property
    def open(self) -> tuple[said.PlannedTask, ...]:
        """The tasks that are neither accepted nor cancelled."""
        return tuple(task for task in self.tasks if task.task not in self.settled)

    @property
    def asking_host(self) -> tuple[str, ...]:
        """The tasks that count by the calendar of the host State, alone or beside the ministry's."""
        return tuple(task.task for task in self.counting if task.counts_by.asks_host)

    @property
    def asks_host(self) -> bool:
        """Whether any of its tasks asks for the calendar of the host State."""
        return bool(self.asking_host)

    @property
    def host_asked(self) -> str | None:
        """The country of the host State, where one of its tasks asks for its calendar."""
        return self.ordered.host if self.asks_host else None

    @property
    def closes(self) -> bool:
        """Whether its measure closes a mission."""
        return MeasureKind(self.ordered.measure_kind).closes_mission

    @property
    def over(self) -> bool:
        """Whether its measure is executed, and it is that of a closing or has nothing that is open."""
        return self.executed_at is not None and (self.closes or not self.open)

    def closes_mission(self, mission: str) -> bool:
        """Whether it is, or was, the plan by which this mission closes."""
        return self.exists and self.ordered.mission == mission and self.closes

    def dropped_by(self, at: datetime) -> bool:
        """Whether it was given up at a moment."""
        return self.dropped_at is not None and self.dropped_at <= at

    def check_dates(self, dates: ClosingDates) -> None:
        """Refuse other dates than those that the host State has acknowledged, as the registry does."""
        note, stand = self.notified, self.dates
        if note is None or stand is None or dates == stand:
            return
        if (note.public_on, note.official_on) == (stand.public_on, stand.official_on):
            shown = ", ".join(one.letter_number or one.document for one in note.evidence)
            raise DatesAcknowledged(mission=self.ordered.mission, evidence=shown)

    def must_be(self, *allowed: PlanState) -> None:
        """Refuse where the plan does not exist or is in another state than these."""
        self.must_exist()
        if self.state not in allowed:
            raise PlanInOtherState.of(self.id, self.state, allowed)

    def must_go_on(self) -> None:
        """Refuse to plan anything more where the plan does not stand or is over."""
        self.must_be(*STANDING)
        self._must_not_be_over()

    def _must_not_be_over(self) -> None:
        if self.exists and self.over:
            assert self.executed_at is not None, "what is over was executed"
            raise PlanOver(plan=self.id, at=rfc3339(self.executed_at))

    def draft(self, order: Order, tasks: tuple[said.PlannedTask, ...], moment: Moment) -> None:
        """Draw the plan up with its tasks, for the first time or after it was dropped."""
        self._must_not_be_over()
        drafted = said.PlanDrafted(
            plan=self.id,
            decree=order.decree,
            article=order.article,
            measure=self.id,
            mission=order.mission,
            measure_kind=order.measure_kind,
            receiver=order.receiver,
            template=order.template,
            template_version=order.template_version,
            calendar=order.calendar,
            roll=order.roll,
            warn_days=order.warn_days,
            tasks=tasks,
            drafted_at=moment.at_latest_now.effective_at,
            host=order.host,
        )
        self.record(drafted, moment)

    def approve(
        self, tasks: tuple[said.BaselineTask, ...], reason: str | None, actor: Actor, moment: Moment
    ) -> None:
        """Approve the plan: what stands now is its baseline. Again only with a reason."""
        self.must_be(*RUNNING)
        if self.baseline is not None and reason is None:
            raise SecondBaselineWithoutReason(plan=self.id)
        approved = said.PlanApproved(
            **self.about,
            baseline=1 if self.baseline is None else self.baseline.baseline + 1,
            official_on=self.dates.official_on if self.dates else None,
            tasks=tasks,
            reason=reason,
            by=acting(actor),
        )
        self.record(approved, moment)

    def replan(self, change: Replanning, order: Order, reason: str, actor: Actor, moment: Moment) -> None:
        """Change the tasks of the plan, for a reason; gates that are thereby complete are satisfied.

        A completed plan goes on with tasks that are added to it, until its measure is executed.
        """
        self.must_go_on()
        listed = {task.task: task for task in self.tasks}
        replanned = said.PlanReplanned(
            **self.about,
            reason=reason,
            template_version=order.template_version,
            calendar=order.calendar,
            roll=order.roll,
            warn_days=order.warn_days,
            added=change.listed(),
            changed=tuple(in_plan(terms, added=listed[id].added) for id, terms in change.changed.items()),
            dropped=change.dropped,
            superseded=change.superseded,
            void=change.void,
            by=acting(actor),
        )
        self.record(replanned, moment)

    def retarget(self, receiver: str | None, amended_by: str, moment: Moment) -> bool:
        """Take note that another mission receives; tell whether that is new."""
        former = self.ordered.receiver
        if former == receiver:
            return False
        retargeted = said.PlanRetargeted(
            **self.about, receiver=receiver, former_receiver=former, amended_by=amended_by
        )
        self.record(retargeted, moment)
        return True

    def drop(self, reason: str, actor: Actor, moment: Moment) -> None:
        """Give the plan up; whoever does cancels what is open of it."""
        moment.must_not_be_ahead()
        self.must_be(*STANDING)
        self.record(said.PlanDropped(**self.about, reason=reason, by=acting(actor)), moment)

    def note_execution(self, moment: Moment) -> None:
        """Take note that the measure is executed, once; a plan that was dropped is left alone."""
        if self.state in STANDING and self.executed_at is None:
            self.record(said.PlanMeasureExecuted(**self.about), moment)

    def schedule(self, dates: ClosingDates, reckoning: Reckoning, moment: Moment) -> bool:
        """Set the dates, or compute anew under newer calendars; tell whether anything changes."""
        calendar, of_host = reckoning.ministry, reckoning.host_version
        before = (self.dates, self.calendar_version, self.host_calendar)
        if before == (dates, calendar.version, of_host):
            return False
        scheduled = said.PlanScheduled(
            **self.about,
            public_on=dates.public_on,
            official_on=dates.official_on,
            calendar=calendar.name,
            calendar_version=calendar.version,
            supersedes=self.dates.official_on if self.dates else None,
            host_calendar=of_host,
        )
        self.record(scheduled, moment)
        return True

    def must_have_dates(self) -> ClosingDates:
        """Return the closing dates; refuse where they are not set."""
        self.must_exist()
        if self.dates is None:
            raise PlanWithoutDate(plan=self.id)
        return self.dates

    def settle(
        self, task: str, outcome: said.Outcome, evidence: tuple[said.Evidence, ...], moment: Moment
    ) -> None:
        """Count a task that was accepted or cancelled, and say what is thereby satisfied or complete."""
        settled = next(one for one in self.tasks if one.task == task)
        gate = None if task in self.superseded else settled.gate
        self.record(
            said.PlanTaskSettled(
                **self.about,
                task=task,
                number=settled.number,
                gate=gate,
                outcome=outcome,
                evidence=evidence,
            ),
            moment,
        )
        if self.state is PlanState.DROPPED:
            return
        if gate is not None:
            self.judge(gate, moment)
        if not self.open and self._achieved:
            self.record(said.PlanCompleted(**self.about), moment)

    def judge(self, condition: int, moment: Moment) -> None:
        """Say that a condition is satisfied, where every task that gates it is accepted."""
        gate = tasks_of_gate(condition, self.counting)
        if not gate or not satisfies(gate, self.settled):
            return
        dates = self._dates_shown(condition)
        documents = dict.fromkeys(document for task in gate for document in self.evidence.get(task, ()))
        self.record(
            said.PlanGateSatisfied(
                **self.about,
                condition=condition,
                tasks=gate,
                evidence=tuple(documents),
                public_on=dates.public_on if dates else None,
                official_on=dates.official_on if dates else None,
            ),
            moment,
        )
        conditions = conditions_of(self.counting)
        if set(conditions) <= set(self.satisfied):
            self.record(said.PlanChecklistCompleted(**self.about, conditions=conditions), moment)

    @property
    def _achieved(self) -> bool:
        # What is given up whole was not carried out, though nothing of it is open.
        outcomes = (self.settled.get(task.task) for task in self.counting)
        return any(outcome is said.Outcome.ACCEPTED for outcome in outcomes)

    def _dates_shown(self, condition: int) -> ClosingDates | None:
        # Dates may move between the acceptance of a note on them and that of another task of its gate.
        about_dates = (task.task for task in self.counting if task.gate == condition and task.needs_dates)
        then = (self.settled_for[task] for task in about_dates)
        return next((dates for dates in then if dates != self.dates), self.dates)

    def note_staff_outcome(
        self, staff: str, outcome: StaffOutcome, to_mission: str | None, moment: Moment
    ) -> None:
        """Note what became of a person who was posted to the plan's mission; each has one outcome of it."""
        if staff in self.outcomes:
            return
        noted = said.PlanStaffOutcomeNoted(**self.about, staff=staff, outcome=outcome, to_mission=to_mission)
        self.record(noted, moment)

    def evolve(self, event: Event) -> None:
        """Change state by one event."""
        evolve(self, event)

    @property
    def about(self) -> About:
        """The query keys of everything that happens to it."""
        order = self.ordered
        return About(
            plan=self.id,
            decree=order.decree,
            article=order.article,
            measure=self.id,
            mission=order.mission,
        )
