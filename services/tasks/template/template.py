"""An adopted procedure: numbered tasks with leads, needs, windows, evidence and gates."""

from collections.abc import Set
from datetime import datetime

from services.tasks.calendar import LabelTaken
from services.tasks.moments import must_follow
from services.tasks.template.checking import flaws_of
from services.tasks.template.expanding import decree_task_of, task_of
from services.tasks.template.proposal import TemplateProposal
from services.tasks.template.refusals import (
    ProcedureForOtherKinds,
    ProcedureNotAdopted,
    ProcedureWithoutTasks,
    TemplateFlawed,
    UnknownProcedureTask,
)
from shared.calendar import Roll
from shared.contracts.event import Event
from shared.contracts.registry import MeasureKind
from shared.contracts.tasks import DecreeTask, ProcedureTask, TemplateAdopted
from shared.domain import Aggregate, Moment


class Template(Aggregate):
    """A procedure; each adoption is a version, and plans keep the version they were drafted from."""

    kind = "template"
    snapshot_version = 5

    calendar: str = ""
    roll: Roll = Roll.BACK
    warn_days: int = 5
    measure_kinds: tuple[MeasureKind, ...] = ()
    tasks: tuple[ProcedureTask, ...] = ()
    decree_tasks: tuple[DecreeTask, ...] = ()
    labels: tuple[str, ...] = ()
    adopted_at: datetime | None = None

    def check(self, proposal: TemplateProposal, departments: Set[str]) -> None:
        """Refuse a proposal with flaws, all of them named, and a label that an earlier version has.

        `departments` are the known ones among those that the proposal names.
        """
        if flaws := flaws_of(proposal, departments, has_plans=bool(self.tasks)):
            raise TemplateFlawed.by(self.id, flaws)
        if proposal.label in self.labels:
            raise LabelTaken(kind=self.kind, id=self.id, label=proposal.label)

    def adopt(self, proposal: TemplateProposal, departments: Set[str], moment: Moment) -> None:
        """Adopt the next version; refuses what `check` refuses."""
        self.check(proposal, departments)
        must_follow(moment, self.adopted_at)
        adopted = TemplateAdopted(
            template=self.id,
            version=self.version + 1,
            label=proposal.label,
            title=proposal.title,
            calendar=proposal.calendar,
            roll=proposal.roll,
            warn_days=proposal.warn_days,
            measure_kinds=proposal.measure_kinds,
            tasks=tuple(task_of(task, proposal.tasks) for task in proposal.tasks),
            decree_tasks=tuple(decree_task_of(task) for task in proposal.decree_tasks),
            adopted_at=moment.effective_at,
        )
        self.record(adopted, moment)

    def must_be_adopted(self) -> "Template":
        """Return self; refuse where no version is adopted."""
        if not self.exists:
            raise ProcedureNotAdopted(template=self.id)
        return self

    def must_serve(self, kind: MeasureKind) -> "Template":
        """Return self; refuse where no version is adopted, or this one is not for measures of the kind."""
        self.must_be_adopted()
        if not self.tasks:
            raise ProcedureWithoutTasks(template=self.id)
        if self.measure_kinds and kind not in self.measure_kinds:
            raise ProcedureForOtherKinds(
                template=self.id, kind=kind.value, kinds=", ".join(self.measure_kinds)
            )
        return self

    def decree_task(self, number: int) -> DecreeTask:
        """Return the decree's task of that number; refuse where the procedure has none."""
        for task in self.decree_tasks:
            if task.number == number:
                return task
        raise UnknownProcedureTask(template=self.id, number=number)

    def evolve(self, event: Event) -> None:
        """Change state by one event."""
        match event:
            case TemplateAdopted():
                self.calendar, self.roll, self.warn_days = event.calendar, event.roll, event.warn_days
                self.tasks, self.decree_tasks = event.tasks, event.decree_tasks
                self.measure_kinds = event.measure_kinds
                self.labels, self.adopted_at = (*self.labels, event.label), event.adopted_at
