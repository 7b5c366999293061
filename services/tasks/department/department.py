"""A department as this service knows it: that it exists, its name, its head and who acts for the head."""

from datetime import datetime

from shared.contracts import tasks as said
from shared.contracts.delegation import Headship, StandIn
from shared.contracts.event import Event
from shared.contracts.text import Text
from shared.domain import Aggregate, Moment
from shared.domain.leadership import Leadership


class Department(Aggregate):
    """A department that may lead tasks and take part in them; the registry owns it."""

    kind = "department"
    snapshot_version = 4

    name: Text | None = None
    leadership: Leadership = Leadership()

    def note(self, name: Text, moment: Moment) -> None:
        """Note the department under its present name; nothing happens where it is known already."""
        if self.name != name:
            self.record(said.DepartmentNoted(department=self.id, name=name), moment)

    def note_head(self, headship: Headship, moment: Moment) -> None:
        """Note who leads the department from a day on, whenever that is told."""
        if headship not in self.leadership.heads:
            self.record(said.DepartmentHeadNoted(department=self.id, headship=headship), moment)

    def note_stand_in(self, stand_in: StandIn, moment: Moment) -> None:
        """Note who may act for the head."""
        if stand_in.key not in self.leadership.stand_ins:
            self.record(said.DepartmentStandInNoted(department=self.id, stand_in=stand_in), moment)

    def note_end(self, key: str, ended_at: datetime, moment: Moment) -> None:
        """Note that somebody acts for the head no longer."""
        known = self.leadership.stand_ins.get(key)
        if known is not None and known.ended_at is None:
            ended = said.DepartmentStandInEnded(department=self.id, key=key, ended_at=ended_at)
            self.record(ended, moment)

    def evolve(self, event: Event) -> None:
        """Change state by one event."""
        match event:
            case said.DepartmentNoted():
                self.name = event.name
            case said.DepartmentHeadNoted():
                self.leadership = self.leadership.led_by(event.headship)
            case said.DepartmentStandInNoted():
                self.leadership = self.leadership.with_stand_in(event.stand_in, self.last_effective_at)
            case said.DepartmentStandInEnded():
                self.leadership = self.leadership.without(event.key, event.ended_at)
