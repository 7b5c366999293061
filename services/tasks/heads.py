"""Who heads a department: what an escalation asks, and the one place that answers."""

from shared.eventstore.command import Turn


def head_of(turn: Turn, department: str) -> str | None:
    """Tell the pseudonym of the head of a department, or None where nobody is known to be.

    This service takes in no appointments of heads yet, and so knows of none.
    """
    return None
