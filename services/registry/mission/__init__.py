"""Missions abroad: open → closing → closed."""

from services.registry.mission.mission import Mission, MissionState

__all__ = ["Mission", "MissionState"]
