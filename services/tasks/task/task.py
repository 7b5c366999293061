"""A task: its state, its doers and its evidence. Its deadline is an aggregate of its own."""

from collections.abc import Iterable
from datetime import datetime

from services.tasks.moments import must_follow
from services.tasks.task.evidence import Documents, has_document, new_among
from services.tasks.task.evolving import evolve
from services.tasks.task.facts import About
from services.tasks.task.lifecycle import BEFORE_SUBMISSION, LIFECYCLE, OPEN
from services.tasks.task.refusals import (
    AcceptedByDoer,
    DatesNotSet,
    DepartmentTwice,
    EvidenceMissing,
    PartsMissing,
    PrerequisitesOpen,
    StepBeforeLast,
    WrongState,
)
from services.tasks.task.state import TaskState
from shared.contracts import tasks as said
from shared.contracts.event import Event
from shared.contracts.meta import rfc3339
from shared.domain import Actor, Aggregate, Moment, NotFound, acting

DATES_CHANGED = "The dates changed. تغيّر التاريخان."
"""Why work on the closing dates goes back to its doers."""


class Task(Aggregate):
    """A piece of work with one lead department. `doers` are all who ever took part in doing it.

    Each step is effective at `stepped_at`, that of the step before it, or later, and never after it is
    recorded. `in_time` judges the last submission by the deadline as it stood when that was recorded.
    `parts_done` are the co-executors that have done theirs; `blocked` is what somebody says to block it.
    """

    kind = "task"
    snapshot_version = 8
    lifecycle = LIFECYCLE

    state: TaskState = TaskState.PLANNED
    terms: said.TaskPlanned | None = None
    lead: str = ""
    co_executors: tuple[str, ...] = ()
    assignee: str | None = None
    stepped_at: datetime | None = None
    submitted_at: datetime | None = None
    submitted_recorded_at: datetime | None = None
    in_time: bool = True
    accepted_at: datetime | None = None
    doers: tuple[str, ...] = ()
    evidence: Documents = ()
    parts_done: tuple[str, ...] = ()
    blocked: str | None = None
    blocked_at: datetime | None = None
    comments: int = 0

    @property
    def planned(self) -> said.TaskPlanned:
        """What the task was planned to be; refuses where it does not exist."""
        if self.terms is None:
            raise NotFound(kind=self.kind, id=self.id)
        return self.terms

    @property
    def about(self) -> About:
        """What everything that happens to it says of it."""
        terms = self.planned
        return About(
            task=self.id,
            plan=terms.plan,
            decree=terms.decree,
            article=terms.article,
            measure=terms.measure,
            mission=terms.mission,
            department=self.lead,
            co_executors=self.co_executors,
        )

    @property
    def departments(self) -> tuple[str, ...]:
        """The departments that take part, the lead first."""
        return (self.lead, *self.co_executors)

    @property
    def parts_missing(self) -> tuple[str, ...]:
        """The co-executors that have not reported their parts as done."""
        return tuple(part for part in self.co_executors if part not in self.parts_done)

    @property
    def given_out(self) -> bool:
        """Whether somebody was ever told to do it: whose it is, is then for an assignment to change."""
        return self.state is not TaskState.PLANNED

    @property
    def handed_in(self) -> bool:
        """Whether the work waits for acceptance: nothing is due meanwhile."""
        return self.state is TaskState.SUBMITTED

    def plan(self, planned: said.TaskPlanned, moment: Moment) -> None:
        """Bring the task into being; no step of it is effective before that is."""
        planned_at = moment.at_latest_now.effective_at
        self.record(planned.model_copy(update={"planned_at": planned_at}), moment)

    def note_other_dates(self, actor: Actor, moment: Moment) -> bool:
        """Return submitted work on the closing dates, since these are others now; tell whether it was."""
        if not (self.planned.needs_dates and self.state is TaskState.SUBMITTED):
            return False
        # Dates may be set as of a moment before the submission; the work goes back after it all the same.
        said_at = min(moment.effective_at, moment.recorded_at)
        at = max(said_at, self.stepped_at or said_at)
        returned = said.TaskReturned(**self.about, returned_at=at, reason=DATES_CHANGED, by=acting(actor))
        self.record(returned, moment)
        return True

    def assign(
        self, lead: str, co_executors: tuple[str, ...], assignee: str | None, actor: Actor, moment: Moment
    ) -> None:
        """Give the task to its lead department, or to another one, before it is done or submitted."""
        self.must_be(*BEFORE_SUBMISSION)
        if len({lead, *co_executors}) <= len(co_executors):
            raise DepartmentTwice()
        about = {**self.about, "department": lead, "co_executors": co_executors}
        assigned = said.TaskAssigned(
            **about,
            assigned_at=self._step(moment),
            assignee=assignee,
            by=acting(actor),
        )
        self.record(assigned, moment)

    def start(self, needed: Iterable["Task"], actor: Actor, moment: Moment) -> None:
        """Begin the work, or begin it again after a return. `needed` are the tasks that it needs."""
        self.must_be(TaskState.ASSIGNED, TaskState.RETURNED)
        if open := {need.id: need.state for need in needed if not need.state.settled}:
            raise PrerequisitesOpen.of(self.id, open)
        started = said.TaskStarted(**self.about, started_at=self._step(moment), by=acting(actor))
        self.record(started, moment)

    def attach(self, evidence: Documents, actor: Actor, moment: Moment) -> None:
        """Add documents to work that is being done or waits for acceptance; known ones change nothing."""
        self.must_be(TaskState.IN_PROGRESS, TaskState.SUBMITTED)
        must_follow(moment, self.planned.planned_at)
        if new := new_among(evidence, self.evidence, self.id):
            attached = said.TaskEvidenceAttached(**self.about, evidence=new, by=acting(actor))
            self.record(attached, moment)

    def submit(
        self, evidence: Documents, has_deadline: bool, actor: Actor, moment: Moment, *, in_time: bool = True
    ) -> None:
        """Hand the work in, with further documents if there are any; a document may also follow.

        `in_time` is what its deadline says of the effective moment, as it stands now. That moment is a claim
        of those who hand the work in, within the bounds of every step; whoever accepts the work confirms it.

        Work on the closing dates is refused until they are set, which gives it a deadline; dates never
        become unset again, so that nothing without them can be accepted either.
        """
        self.must_be(TaskState.IN_PROGRESS)
        if self.planned.needs_dates and not has_deadline:
            raise DatesNotSet(task=self.id)
        every = (*self.evidence, *new_among(evidence, self.evidence, self.id))
        submitted = said.TaskSubmitted(
            **self.about,
            submitted_at=self._step(moment),
            submitted_recorded_at=moment.recorded_at,
            in_time=in_time,
            evidence=every,
            by=acting(actor),
        )
        self.record(submitted, moment)

    def accept(self, actor: Actor, moment: Moment, waiver: str | None = None) -> None:
        """Accept submitted work. Refuses its doers, and where the document that it names is missing.

        What was said of the moment of its submission is confirmed by that. Parts that co-executors have not
        reported as done are done without only with a `waiver`, which says why.
        """
        self.must_be(TaskState.SUBMITTED)
        self._must_not_have_done(actor)
        self._step(moment)
        terms, missing = self.planned, self.parts_missing
        if terms.evidence is not None and not has_document(terms.evidence, self.evidence):
            english, arabic = terms.evidence.in_language("en"), terms.evidence.in_language("ar")
            raise EvidenceMissing(task=self.id, evidence_en=english, evidence_ar=arabic)
        if missing and waiver is None:
            raise PartsMissing(task=self.id, departments=", ".join(missing), missing=list(missing))
        accepted = said.TaskAccepted(
            **self.about,
            number=terms.number,
            gate=terms.gate,
            evidence=self.evidence,
            by=acting(actor),
            waived_parts=missing,
            waiver=waiver if missing else None,
        )
        self.record(accepted, moment)

    def send_back(self, reason: str, actor: Actor, moment: Moment) -> None:
        """Return submitted work to its doers, with the reason. Refuses its doers."""
        self.must_be(TaskState.SUBMITTED)
        self._must_not_have_done(actor)
        returned = said.TaskReturned(
            **self.about, returned_at=self._step(moment), reason=reason, by=acting(actor)
        )
        self.record(returned, moment)

    def cancel(self, reason: str, actor: Actor, moment: Moment) -> None:
        """Give the task up, with the reason: nothing waits for it; a condition that it gates stays unmet."""
        self.must_be(*OPEN)
        moment.must_not_be_ahead()
        self.record(said.TaskCancelled(**self.about, reason=reason, by=acting(actor)), moment)

    def evolve(self, event: Event) -> None:
        """Change state by one event."""
        evolve(self, event)

    def must_be(self, *allowed: TaskState) -> None:
        """Refuse where the task does not exist or is in another state than these."""
        self.must_exist()
        if self.state not in allowed:
            raise WrongState.of(self.id, self.state, allowed)

    def _step(self, moment: Moment) -> datetime:
        """The effective moment of a step; refuses one before that of the last step, or in the future."""
        moment.must_not_be_ahead()
        at, last = moment.effective_at, self.stepped_at
        if last is not None and at < last:
            raise StepBeforeLast(task=self.id, at=rfc3339(at), last=rfc3339(last))
        return at

    def _must_not_have_done(self, actor: Actor) -> None:
        for subject in acting(actor):
            if subject in self.doers:
                raise AcceptedByDoer(task=self.id, subject=subject)
