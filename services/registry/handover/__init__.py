"""Handovers: what a closing mission hands over, and what is still to be accounted for."""

from services.registry.handover.handover import Handover

__all__ = ["Handover"]
