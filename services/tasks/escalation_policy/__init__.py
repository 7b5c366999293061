"""Policies of escalation: ladders as data, with versions."""

from services.tasks.escalation_policy.policy import STANDING, EscalationPolicy

__all__ = ["STANDING", "EscalationPolicy"]
