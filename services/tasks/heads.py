"""Who heads a department: what an escalation asks, and the one place that answers."""

from services.tasks.department import Department
from shared.eventstore.command import Turn


def head_of(turn: Turn, department: str) -> str | None:
    """Tell the pseudonym of the head of a department, or None where nobody is known to be."""
    headship = turn.get(Department, department).leadership.headship
    return None if headship is None else headship.head
