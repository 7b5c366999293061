"""Escalations: the ladder that a missed deadline climbs while nobody answers."""

from services.tasks.escalation.acknowledging import acknowledge
from services.tasks.escalation.case import Case
from services.tasks.escalation.climbing import follow
from services.tasks.escalation.escalation import Escalation
from services.tasks.escalation.refusals import AcknowledgedAlready, AcknowledgedTooLong, NothingToAcknowledge
from services.tasks.escalation.state import EscalationState

__all__ = [
    "AcknowledgedAlready",
    "AcknowledgedTooLong",
    "Case",
    "Escalation",
    "EscalationState",
    "NothingToAcknowledge",
    "acknowledge",
    "follow",
]
