"""What became of a decision: its tasks tell, or whoever settled it."""

from collections.abc import Iterable
from enum import StrEnum

from services.tasks.task import TaskState
from shared.contracts.tasks import DecisionOutcome


class DecisionState(StrEnum):
    """open → done | dropped."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


def state_of_decision(tasks: Iterable[TaskState], settled: DecisionOutcome | None) -> DecisionState:
    """Tell how a decision stands by the states of its tasks, or by its settlement where it has none.

    It is done when every task is settled and at least one was accepted, dropped when all were cancelled.
    """
    states = tuple(tasks)
    if not states:
        return DecisionState.OPEN if settled is None else DecisionState(settled.value)
    if not all(state.settled for state in states):
        return DecisionState.OPEN
    accepted = any(state is TaskState.ACCEPTED for state in states)
    return DecisionState.DONE if accepted else DecisionState.DROPPED
