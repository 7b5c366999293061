"""Which tasks of a plan are done anew when another mission receives."""

from collections.abc import Collection, Mapping

from services.tasks.plan.change import Replanning
from services.tasks.plan.naming import next_id
from services.tasks.plan.plan import Plan
from services.tasks.task import Task, TaskState
from shared.contracts.tasks import TaskPlanned, TaskTerms

UNTOUCHED = (TaskState.PLANNED, TaskState.ASSIGNED)
"""Nothing was done yet that could speak of a receiver."""


def redoing(plan: Plan, tasks: Mapping[str, Task], void: Collection[int]) -> Replanning:
    """Plan anew what gates a void condition or speaks of the receiver, where work on it has begun or is done.

    What was given up stays given up. Open tasks that need one of those need the new one instead.
    """
    redone = [
        task
        for listed in plan.counting
        if _begun(task := tasks[listed.task]) and (listed.gate in void or task.planned.of_receiver)
    ]
    ids: dict[str, str] = {}
    for task in redone:
        taken = {*plan.former, *(listed.task for listed in plan.tasks), *ids.values()}
        ids[task.id] = next_id(plan.id, task.planned.number, taken)
    superseded = set(ids)
    waiting = [
        task
        for listed in plan.open
        if (task := tasks[listed.task]).id not in superseded and superseded & set(task.planned.needs)
    ]
    return Replanning(
        added=tuple(_anew(task, ids) for task in redone),
        changed={task.id: _waiting_for(task, ids) for task in waiting},
        superseded=tuple(ids),
        void=tuple(one for one in plan.satisfied if one in void or one in _gates(redone)),
    )


def _begun(task: Task) -> bool:
    return task.state not in (*UNTOUCHED, TaskState.CANCELLED)


def _gates(redone: list[Task]) -> set[int | None]:
    return {task.planned.gate for task in redone}


def _anew(task: Task, ids: Mapping[str, str]) -> TaskPlanned:
    terms = _waiting_for(task, ids)
    return TaskPlanned.model_validate(
        terms.model_dump() | {"task": ids[task.id], "co_executors": task.co_executors, "planned_at": None}
    )


def _waiting_for(task: Task, ids: Mapping[str, str]) -> TaskTerms:
    needs = tuple(ids.get(need, need) for need in task.planned.needs)
    return task.planned.model_copy(update={"department": task.lead, "needs": needs})
