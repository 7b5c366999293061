"""What this service knows of a decree."""

from services.tasks.decree.decree import Decree
from services.tasks.decree.hold import Hold

__all__ = ["Decree", "Hold"]
