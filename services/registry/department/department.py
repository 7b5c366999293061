"""A department: its key, by which everybody else names it, name, place, who leads it and what it signs."""

from datetime import datetime

from services.registry.department.refusals import DepartmentKnownOtherwise
from shared.contracts import registry as said
from shared.contracts.event import Event
from shared.contracts.registry import SigningSide
from shared.domain import Aggregate, Moment, Text
from shared.domain.delegation import Leadership


class Department(Aggregate):
    """A department or authority, identified by its key; `parent` is the one under which it stands.

    `signs` are the sides for which it signs closing minutes, None where nothing was ever declared; that has
    been so since the effective moment `signs_since`, and not since before `signs_after`, the moment of the
    declaration of other sides before it.
    """

    kind = "department"
    snapshot_version = 4

    name: Text | None = None
    parent: str | None = None
    leadership: Leadership = Leadership()
    signs: tuple[SigningSide, ...] | None = None
    signs_since: datetime | None = None
    signs_after: datetime | None = None

    def register(self, name: Text, moment: Moment) -> None:
        """Make the department known. Registering it again under the same name changes nothing."""
        if self.name == name:
            return
        if self.exists:
            raise DepartmentKnownOtherwise(department=self.id)
        self.record(said.DepartmentRegistered(name=name), moment)

    def evolve(self, event: Event) -> None:
        """Change state by one event."""
        match event:
            case said.DepartmentRegistered(name=name):
                self.name = name
            case said.DepartmentPlaced(parent=parent):
                self.parent = parent
            case said.DepartmentHeadAppointed(headship=headship):
                self.leadership = self.leadership.led_by(headship)
            case said.DepartmentActingHeadNamed() | said.DepartmentDelegated():
                self.leadership = self.leadership.with_stand_in(event.stand_in)
            case said.DepartmentDelegationEnded(key=key, ended_at=ended_at):
                self.leadership = self.leadership.without(key, ended_at)
            case said.DepartmentSigningDeclared(signs=signs):
                if signs != self.signs:
                    self.signs_after = self.signs_since
                self.signs, self.signs_since = signs, self.last_effective_at
