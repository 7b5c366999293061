"""A dossier as commands: the steps that enter it, and what stands against it before any is taken."""

from services.registry.importing.conflicts import conflicts_beside, find_conflicts
from services.registry.importing.plan import Step, binds_on, department_steps, order_steps, phases
from services.registry.importing.unplanned import unplanned

__all__ = [
    "Step",
    "binds_on",
    "conflicts_beside",
    "department_steps",
    "find_conflicts",
    "order_steps",
    "phases",
    "unplanned",
]
