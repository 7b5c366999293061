"""What this service knows of a decree."""

from services.tasks.decree.decree import Decree
from services.tasks.decree.hold import Hold
from services.tasks.decree.refusals import NoSuchArticle

__all__ = ["Decree", "Hold", "NoSuchArticle"]
