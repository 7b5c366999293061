"""Missions abroad: open → closing → closed."""

from services.registry.mission.mission import Mission
from services.registry.mission.state import MissionState

__all__ = ["Mission", "MissionState"]
