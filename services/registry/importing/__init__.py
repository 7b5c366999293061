"""A dossier as commands: the steps that enter it, and what stands against it before any is taken."""

from services.registry.importing.conflicts import conflicts_beside, find_conflicts
from services.registry.importing.departments import department_phases
from services.registry.importing.plan import binds_on, order_steps, phases
from services.registry.importing.step import Step
from services.registry.importing.unplanned import unplanned

__all__ = [
    "Step",
    "binds_on",
    "conflicts_beside",
    "department_phases",
    "find_conflicts",
    "order_steps",
    "phases",
    "unplanned",
]
