"""What this service knows of a mission."""

from services.tasks.mission.mission import Mission
from services.tasks.mission.refusals import UnknownMission

__all__ = ["Mission", "UnknownMission"]
