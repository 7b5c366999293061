"""A mission as this service knows it: that the registry has it, and the plans that concern it."""

from datetime import datetime

from services.tasks.mission.refusals import UnknownMission
from shared.contracts import tasks as said
from shared.contracts.event import Event
from shared.contracts.text import Text
from shared.domain import Aggregate, Moment


class Mission(Aggregate):
    """Leads from a mission to its plans; the registry owns the mission itself.

    `name` is that under which it was registered, None where that is not noted here. `reopened` are the
    effective moments at which it was opened again after a closing.
    """

    kind = "mission"
    snapshot_version = 3

    name: Text | None = None
    plans: tuple[str, ...] = ()
    reopened: tuple[datetime, ...] = ()

    @property
    def noted(self) -> bool:
        """Whether it is noted that the registry has it."""
        return self.name is not None

    def note(self, name: Text, moment: Moment) -> None:
        """Note that the mission is registered; nothing happens where that is noted already."""
        if not self.noted:
            self.record(said.MissionNoted(mission=self.id, name=name), moment)

    def note_plan(self, plan: str, moment: Moment) -> None:
        """Note that a plan concerns the mission; nothing happens where that is known already."""
        if plan not in self.plans:
            self.record(said.MissionPlanned(mission=self.id, plan=plan), moment)

    def note_reopening(self, measure: str, moment: Moment) -> None:
        """Note that the mission was opened again; nothing happens where that is known already."""
        if moment.effective_at not in self.reopened:
            self.record(said.MissionReopeningNoted(mission=self.id, measure=measure), moment)

    def reopened_between(self, began: datetime, at: datetime) -> bool:
        """Whether what began then was over at that moment, since the mission was opened again."""
        return any(began < reopened <= at for reopened in self.reopened)

    def must_be_registered(self) -> None:
        """Refuse a mission that the registry has not."""
        if not self.noted:
            raise UnknownMission(mission=self.id)

    def evolve(self, event: Event) -> None:
        """Change state by one event."""
        match event:
            case said.MissionNoted():
                self.name = event.name
            case said.MissionPlanned():
                self.plans = (*self.plans, event.plan)
            case said.MissionReopeningNoted():
                self.reopened = (*self.reopened, self.last_effective_at)
