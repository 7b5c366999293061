"""A mission as this service knows it: the plans that concern it."""

from shared.contracts.event import Event
from shared.contracts.tasks import MissionPlanned
from shared.domain import Aggregate, Moment


class Mission(Aggregate):
    """Leads from a mission to its plans; the registry owns the mission itself."""

    kind = "mission"

    plans: tuple[str, ...] = ()

    def note_plan(self, plan: str, moment: Moment) -> None:
        """Note that a plan concerns the mission; nothing happens where that is known already."""
        if plan not in self.plans:
            self.record(MissionPlanned(mission=self.id, plan=plan), moment)

    def evolve(self, event: Event) -> None:
        """Change state by one event."""
        match event:
            case MissionPlanned():
                self.plans = (*self.plans, event.plan)
