"""A department: its key, by which everybody else names it, name, place, who leads it and what it signs."""

from datetime import datetime

from services.registry.department.refusals import DepartmentKnownOtherwise
from services.registry.organisation.declared import Declared, with_declaration
from shared.contracts import registry as said
from shared.contracts.event import Event
from shared.contracts.registry import SigningSide
from shared.domain import Aggregate, Moment, Text
from shared.domain.leadership import Leadership


class Department(Aggregate):
    """A department or authority, identified by its key; `parent` is the one under which it stands.

    `signing` has the sides for which it declared that it signs closing minutes, in the order of law.
    """

    kind = "department"
    snapshot_version = 5

    name: Text | None = None
    parent: str | None = None
    leadership: Leadership = Leadership()
    signing: tuple[Declared, ...] = ()

    @property
    def signs(self) -> tuple[SigningSide, ...] | None:
        """The sides for which it signs now; None where nothing was ever declared."""
        return self.signing[-1].signs if self.signing else None

    @property
    def signs_since(self) -> datetime | None:
        """The effective moment since which it signs for those; None where nothing was ever declared."""
        return self.signing[-1].since if self.signing else None

    @property
    def signs_after(self) -> datetime | None:
        """The moment of the declaration of other sides before that; None where there is none."""
        return self.signing[-2].since if len(self.signing) > 1 else None

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
                self.leadership = self.leadership.with_stand_in(event.stand_in, self.last_effective_at)
            case said.DepartmentDelegationEnded(key=key, ended_at=ended_at):
                self.leadership = self.leadership.without(key, ended_at)
            case said.DepartmentSigningDeclared(signs=signs):
                self.signing = with_declaration(self.signing, Declared(self.last_effective_at, signs))
