"""Decrees: issued, in force, held and resumed, executed."""

from services.registry.decree.decree import Decree
from services.registry.decree.draft import DecreeDraft
from services.registry.decree.state import DecreeState

__all__ = ["Decree", "DecreeDraft", "DecreeState"]
