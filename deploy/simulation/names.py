"""The names of departments, missions, measures and tasks, as events told them."""

from collections.abc import Iterable

from shared.contracts.registry import DepartmentRegistered, MeasureListed, MissionRegistered
from shared.contracts.tasks import TaskPlanned
from shared.contracts.text import Text
from shared.messaging.received import Received


class Names:
    """Names in English where there are any, else in Arabic, else the id."""

    def __init__(self, events: Iterable[Received]) -> None:
        self._departments: dict[str, Text] = {}
        self._missions: dict[str, Text] = {}
        self._measures: dict[str, MeasureListed] = {}
        self._tasks: dict[str, TaskPlanned] = {}
        for received in events:
            match received.event:
                case DepartmentRegistered(name=name):
                    self._departments[received.id] = name
                case MissionRegistered(name=name):
                    self._missions[received.id] = name
                case MeasureListed() as listed:
                    self._measures[received.id] = listed
                case TaskPlanned() as planned:
                    self._tasks[planned.task] = planned

    def department(self, key: str) -> str:
        """The name of a department."""
        return _english(self._departments.get(key), key)

    def mission(self, id: str) -> str:
        """The name of a mission."""
        return _english(self._missions.get(id), id)

    def measure(self, id: str) -> str:
        """The row of a measure, with its mission where a source names one."""
        listed = self._measures.get(id)
        if listed is None:
            return f"the measure {id}"
        return f"row {listed.row}" + ("" if listed.mission is None else f" ({self.mission(listed.mission)})")

    def task(self, id: str) -> str:
        """The title of a task, with its mission where it has one."""
        planned = self._tasks.get(id)
        if planned is None:
            return id
        title = _english(planned.title, id)
        return title if planned.mission is None else f"{title}, {self.mission(planned.mission)}"


def _english(text: Text | None, otherwise: str) -> str:
    return otherwise if text is None else text.in_language("en")
