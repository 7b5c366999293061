"""What this service knows of a mission."""

from services.tasks.mission.mission import Mission

__all__ = ["Mission"]
