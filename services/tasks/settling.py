"""The end of a task: the task and its plan change in one command."""

from services.tasks.plan import Plan
from services.tasks.task import Task
from shared.contracts.tasks import Outcome
from shared.eventstore.command import Turn


def accept_task(turn: Turn, task: Task) -> None:
    """Accept a task and let its plan count it."""
    plan = _plan_of(turn, task)
    task.accept(turn.actor, turn.moment)
    if plan is not None:
        plan.settle(task.id, Outcome.ACCEPTED, task.evidence, turn.moment)


def cancel_task(turn: Turn, task: Task, reason: str) -> None:
    """Cancel a task and let its plan count it."""
    plan = _plan_of(turn, task)
    task.cancel(reason, turn.actor, turn.moment)
    if plan is not None:
        plan.settle(task.id, Outcome.CANCELLED, (), turn.moment)


def _plan_of(turn: Turn, task: Task) -> Plan | None:
    plan = task.planned.plan
    return None if plan is None else turn.get(Plan, plan)
