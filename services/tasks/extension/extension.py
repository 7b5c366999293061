"""A request for more time, with its reason and its decision."""

from datetime import date, datetime
from enum import StrEnum

from services.tasks.extension.refusals import DecidedByOwnDepartment, DecidedByRequester, ExtensionDecided
from services.tasks.moments import must_follow
from services.tasks.task import Task
from shared.contracts import tasks as said
from shared.contracts.event import Event
from shared.contracts.text import Text
from shared.domain import Actor, Aggregate, Lifecycle, Moment, Step, acting


class ExtensionState(StrEnum):
    """requested → granted | refused."""

    REQUESTED = "requested"
    GRANTED = "granted"
    REFUSED = "refused"

    @property
    def told(self) -> Text:
        """The state in words."""
        return Text(en=self.value, ar=_ARABIC[self])


_ARABIC = {
    ExtensionState.REQUESTED: "مطلوب",
    ExtensionState.GRANTED: "ممنوح",
    ExtensionState.REFUSED: "مرفوض",
}


class Extension(Aggregate):
    """More time for a task, under the task's id and a number: ``298-2025-a2-r01-t05-x1``."""

    kind = "extension"
    snapshot_version = 3
    lifecycle = Lifecycle(
        ExtensionState.REQUESTED,
        Step(said.ExtensionGranted, (ExtensionState.REQUESTED,), ExtensionState.GRANTED),
        Step(said.ExtensionRefused, (ExtensionState.REQUESTED,), ExtensionState.REFUSED),
    )

    task: str = ""
    until: date = date.max
    by: tuple[str, ...] = ()
    by_department: str | None = None
    requested_at: datetime | None = None
    decided_at: datetime | None = None
    state: ExtensionState = ExtensionState.REQUESTED

    @property
    def open(self) -> bool:
        """Whether it waits for its decision."""
        return self.exists and self.state is ExtensionState.REQUESTED

    def request(
        self, task: Task, due_on: date, until: date, reason: str, actor: Actor, moment: Moment
    ) -> None:
        """Ask for time until a day; `due_on` is the present deadline."""
        requested = said.ExtensionRequested(
            **task.about,
            extension=self.id,
            due_on=due_on,
            until=until,
            reason=reason,
            by=acting(actor),
            by_department=actor.department,
            requested_at=moment.effective_at,
        )
        self.record(requested, moment)

    def check_decision(self, task: Task, actor: Actor) -> None:
        """Refuse a second decision, and one by whoever asked, by their department or by the task's lead."""
        self.must_exist()
        if not self.open:
            arabic = self.state.told.in_language("ar")
            raise ExtensionDecided(extension=self.id, state=self.state.value, state_ar=arabic)
        for subject in acting(actor):
            if subject in self.by:
                raise DecidedByRequester(extension=self.id, subject=subject)
        if actor.department is not None and actor.department in (task.lead, self.by_department):
            raise DecidedByOwnDepartment(extension=self.id, task=task.id, department=actor.department)

    def grant(self, task: Task, until: date, reason: str, actor: Actor, moment: Moment) -> None:
        """Grant time until a working day; refuses what `check_decision` does, and a moment too early."""
        self.check_decision(task, actor)
        must_follow(moment, self.requested_at)
        granted = said.ExtensionGranted(
            **task.about,
            extension=self.id,
            until=until,
            reason=reason,
            by=acting(actor),
            decided_at=moment.effective_at,
        )
        self.record(granted, moment)

    def refuse(self, task: Task, reason: str, actor: Actor, moment: Moment) -> None:
        """Refuse more time; refuses what `check_decision` does, and a moment too early."""
        self.check_decision(task, actor)
        must_follow(moment, self.requested_at)
        refused = said.ExtensionRefused(
            **task.about,
            extension=self.id,
            reason=reason,
            by=acting(actor),
            decided_at=moment.effective_at,
        )
        self.record(refused, moment)

    def evolve(self, event: Event) -> None:
        """Change state by one event."""
        match event:
            case said.ExtensionRequested():
                self.task, self.until, self.by = event.task, event.until, event.by
                self.by_department, self.requested_at = event.by_department, event.requested_at
            case said.ExtensionGranted():
                self.state, self.decided_at = ExtensionState.GRANTED, event.decided_at
            case said.ExtensionRefused():
                self.state, self.decided_at = ExtensionState.REFUSED, event.decided_at
