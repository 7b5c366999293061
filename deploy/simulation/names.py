"""The names of departments, missions and tasks, as events told them."""

from collections.abc import Iterable

from shared.contracts.registry import DepartmentRegistered, MissionRegistered
from shared.contracts.tasks import TaskPlanned
from shared.contracts.text import Text
from shared.messaging.received import Received


class Names:
    """Names in English where there are any, else in Arabic, else the id."""

    def __init__(self, events: Iterable[Received]) -> None:
        self._departments: dict[str, Text] = {}
        self._missions: dict[str, Text] = {}
        self._tasks: dict[str, TaskPlanned] = {}
        for received in events:
            match received.event:
                case DepartmentRegistered(name=name):
                    self._departments[received.id] = name
                case MissionRegistered(name=name):
                    self._missions[received.id] = name
                case TaskPlanned() as planned:
                    self._tasks[planned.task] = planned

    def department(self, key: str) -> str:
        """The name of a department."""
        return _english(self._departments.get(key), key)

    def mission(self, id: str) -> str:
        """The name of a mission."""
        return _english(self._missions.get(id), id)

    def task(self, id: str) -> str:
        """The title of a task, with its mission where it has one."""
        planned = self._tasks.get(id)
        if planned is None:
            return id
        title = _english(planned.title, id)
        return title if planned.mission is None else f"{title}, {self.mission(planned.mission)}"


def _english(text: Text | None, otherwise: str) -> str:
    return otherwise if text is None else text.in_language("en")
