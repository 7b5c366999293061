"""Decrees: issued, in force, held and resumed, executed."""

from services.registry.decree.decree import Decree, DecreeState
from services.registry.decree.draft import DecreeDraft

__all__ = ["Decree", "DecreeDraft", "DecreeState"]
