"""A department as this service knows it: that it exists, and its name."""

from shared.contracts.event import Event
from shared.contracts.tasks import DepartmentNoted
from shared.contracts.text import Text
from shared.domain import Aggregate, Moment


class Department(Aggregate):
    """A department that may lead tasks and take part in them; the registry owns it."""

    kind = "department"

    name: Text | None = None

    def note(self, name: Text, moment: Moment) -> None:
        """Note the department under its present name; nothing happens where it is known already."""
        if self.name != name:
            self.record(DepartmentNoted(department=self.id, name=name), moment)

    def evolve(self, event: Event) -> None:
        """Change state by one event."""
        match event:
            case DepartmentNoted():
                self.name = event.name
