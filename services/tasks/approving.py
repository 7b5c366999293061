"""The approval of a plan: the windows and days of every task at that moment become its baseline."""

from typing import Any

from services.tasks.deadline import Deadline
from services.tasks.moments import must_follow
from services.tasks.plan import Plan
from services.tasks.plan.noting import notes
from services.tasks.reckoning import asked_of_host
from services.tasks.task import Task, TaskState
from shared.contracts.tasks import BaselineTask
from shared.eventstore.command import Turn


def approve_plan(turn: Turn, id: str, reason: str | None) -> dict[str, Any]:
    """Approve a plan with the tasks that count; those that were given up before are not in its baseline.

    The `notes` of the answer tell where tasks ask for the calendar of a host State that has none here.
    """
    plan = turn.get(Plan, id).must_exist()
    ids = [listed.task for listed in plan.counting]
    pairs = list(zip(turn.get_all(Task, ids), turn.get_all(Deadline, ids), strict=True))
    must_follow(turn.moment, plan.drafted_at, *(deadline.set_at for _, deadline in pairs))
    tasks = tuple(
        _standing(task, deadline) for task, deadline in pairs if task.state is not TaskState.CANCELLED
    )
    told = notes(asked_of_host(turn, plan))
    plan.approve(tasks, reason, turn.actor, turn.moment)
    assert plan.baseline is not None, "it was approved"
    return {
        "plan": id,
        "state": plan.state.value,
        "baseline": plan.baseline.baseline,
        "tasks": len(tasks),
        "notes": told,
    }


def _standing(task: Task, deadline: Deadline) -> BaselineTask:
    terms = task.planned
    return BaselineTask(
        task=task.id,
        number=terms.number,
        opens=terms.opens,
        due=terms.due,
        due_on=deadline.due_on if deadline.exists else None,
    )
