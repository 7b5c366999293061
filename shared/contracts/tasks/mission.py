"""What `tasks` knows of a mission: that the registry has it, and which plans concern it."""

from shared.contracts.identity import Token
from shared.contracts.tasks.base import TasksEvent
from shared.contracts.text import Text


class MissionNoted(TasksEvent, type="mission.noted"):
    """The registry registered this mission, be it that it is planned and not there yet."""

    mission: Token
    name: Text


class MissionReopeningNoted(TasksEvent, type="mission.reopening-noted"):
    """The registry told that the mission was opened again by this measure: what had closed it is over."""

    mission: Token
    measure: Token


class MissionPlanned(TasksEvent, type="mission.planned"):
    """A plan concerns this mission."""

    mission: Token
    plan: Token
