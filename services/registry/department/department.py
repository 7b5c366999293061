"""A department: its key, by which everybody else names it, and its name."""

from services.registry.department.refusals import DepartmentKnownOtherwise
from shared.contracts.event import Event
from shared.contracts.registry import DepartmentRegistered
from shared.domain import Aggregate, Moment, Text


class Department(Aggregate):
    """A department or authority, identified by its key."""

    kind = "department"

    name: Text | None = None

    def register(self, name: Text, moment: Moment) -> None:
        """Make the department known. Registering it again under the same name changes nothing."""
        if self.name == name:
            return
        if self.exists:
            raise DepartmentKnownOtherwise(department=self.id)
        self.record(DepartmentRegistered(name=name), moment)

    def evolve(self, event: Event) -> None:
        """Change state by one event."""
        match event:
            case DepartmentRegistered(name=name):
                self.name = name
