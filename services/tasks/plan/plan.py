"""A plan: the tasks by which one measure is carried out."""

from dataclasses import dataclass, field
from datetime import date
from typing import TypedDict

from services.tasks.plan.gates import conditions_of, satisfies, tasks_of_gate
from shared.calendar import Roll, WorkingCalendar
from shared.contracts import tasks as said
from shared.contracts.event import Event
from shared.contracts.registry import StaffOutcome
from shared.domain import Aggregate, Conflicting, Moment, Text


class PlanWithoutDate(Conflicting):
    """Until somebody sets the official date, a plan has windows and no deadlines."""

    slug = "plan-without-date"
    title = Text(en="The official date is not set", ar="التاريخ الرسمي غير محدد")
    detail = Text(
        en="Plan {plan} has no official date yet: its deadlines follow once the date is set.",
        ar="لا تاريخ رسميًا للخطة {plan} بعد: تُحسب آجالها متى حُدد التاريخ.",
    )


@dataclass(frozen=True, slots=True)
class Order:
    """A measure that is to be carried out, by the procedure of this template version."""

    decree: str
    article: str
    mission: str
    measure_kind: str
    receiver: str | None
    template: str
    template_version: int
    calendar: str
    roll: Roll
    warn_days: int


@dataclass(frozen=True, slots=True)
class ClosingDates:
    """The two dates on which a mission closes: to the public, and officially (T)."""

    public_on: date
    official_on: date


class About(TypedDict):
    """The query keys that every event of a plan carries."""

    plan: str
    decree: str
    article: str
    measure: str
    mission: str


class Plan(Aggregate):
    """The plan of a measure, under the measure's own id; it counts what its tasks gate."""

    kind = "plan"
    snapshot_version = 2

    decree: str = ""
    article: str = ""
    mission: str = ""
    calendar: str = ""
    tasks: tuple[said.PlannedTask, ...] = ()
    dates: ClosingDates | None = None
    calendar_version: int = 0
    settled: dict[str, said.Outcome] = field(default_factory=dict)
    settled_for: dict[str, ClosingDates | None] = field(default_factory=dict)
    evidence: dict[str, tuple[said.Evidence, ...]] = field(default_factory=dict)
    satisfied: tuple[int, ...] = ()

    def draft(self, order: Order, tasks: tuple[said.PlannedTask, ...], moment: Moment) -> None:
        """Draw the plan up with its tasks."""
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
            tasks=tasks,
        )
        self.record(drafted, moment)

    def schedule(self, dates: ClosingDates, calendar: WorkingCalendar, moment: Moment) -> bool:
        """Set the dates, or compute anew under a newer calendar; tell whether anything changes."""
        if (self.dates, self.calendar_version) == (dates, calendar.version):
            return False
        scheduled = said.PlanScheduled(
            **self._about(),
            public_on=dates.public_on,
            official_on=dates.official_on,
            calendar=calendar.name,
            calendar_version=calendar.version,
            supersedes=self.dates.official_on if self.dates else None,
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
        self.record(
            said.PlanTaskSettled(
                **self._about(),
                task=task,
                number=settled.number,
                gate=settled.gate,
                outcome=outcome,
                evidence=evidence,
            ),
            moment,
        )
        if settled.gate is not None:
            self._judge(settled.gate, moment)
        if len(self.settled) == len(self.tasks):
            self.record(said.PlanCompleted(**self._about()), moment)

    def _judge(self, condition: int, moment: Moment) -> None:
        gate = tasks_of_gate(condition, self.tasks)
        if not satisfies(gate, self.settled):
            return
        dates = self._dates_shown(condition)
        documents = dict.fromkeys(document for task in gate for document in self.evidence.get(task, ()))
        self.record(
            said.PlanGateSatisfied(
                **self._about(),
                condition=condition,
                tasks=gate,
                evidence=tuple(documents),
                public_on=dates.public_on if dates else None,
                official_on=dates.official_on if dates else None,
            ),
            moment,
        )
        conditions = conditions_of(self.tasks)
        if set(conditions) == set(self.satisfied):
            self.record(said.PlanChecklistCompleted(**self._about(), conditions=conditions), moment)

    def _dates_shown(self, condition: int) -> ClosingDates | None:
        # Dates may move between the acceptance of a note on them and that of another task of its gate.
        about_dates = (task.task for task in self.tasks if task.gate == condition and task.needs_dates)
        then = (self.settled_for[task] for task in about_dates)
        return next((dates for dates in then if dates != self.dates), self.dates)

    def note_staff_outcome(
        self, staff: str, outcome: StaffOutcome, to_mission: str | None, moment: Moment
    ) -> None:
        """Note what became of a person who was posted to the plan's mission."""
        noted = said.PlanStaffOutcomeNoted(
            **self._about(), staff=staff, outcome=outcome, to_mission=to_mission
        )
        self.record(noted, moment)

    def evolve(self, event: Event) -> None:
        """Change state by one event."""
        match event:
            case said.PlanDrafted():
                self.decree, self.article, self.mission = event.decree, event.article, event.mission
                self.calendar, self.tasks = event.calendar, event.tasks
            case said.PlanScheduled():
                self.dates = ClosingDates(event.public_on, event.official_on)
                self.calendar_version = event.calendar_version
            case said.PlanTaskSettled():
                self.settled = {**self.settled, event.task: event.outcome}
                self.settled_for = {**self.settled_for, event.task: self.dates}
                self.evidence = {**self.evidence, event.task: event.evidence}
            case said.PlanGateSatisfied():
                self.satisfied = (*self.satisfied, event.condition)

    def _about(self) -> About:
        return About(
            plan=self.id,
            decree=self.decree,
            article=self.article,
            measure=self.id,
            mission=self.mission,
        )
