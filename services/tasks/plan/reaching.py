"""Which closing conditions no task of a plan can satisfy: those need a waiver, or a task more."""

from services.tasks.plan.change import Replanning, in_plan
from services.tasks.plan.gates import tasks_of_gate
from services.tasks.plan.plan import Plan
from shared.contracts.registry import CLOSING_CONDITIONS, MeasureKind
from shared.contracts.tasks import Outcome

NO_CHANGE = Replanning()


def out_of_reach(plan: Plan, change: Replanning = NO_CHANGE) -> tuple[int, ...]:
    """The conditions that are not satisfied, and have no gate any more or one of which a task was given up.

    That is as the plan would be after a change. What closes no mission has no such conditions.
    """
    if not MeasureKind(plan.ordered.measure_kind).closes_mission:
        return ()
    changed = {id: in_plan(terms) for id, terms in change.changed.items()}
    gone = {*plan.superseded, *change.superseded}
    tasks = [
        changed.get(task.task, task) for task in (*plan.tasks, *change.listed()) if task.task not in gone
    ]
    given_up = {task for task, outcome in plan.settled.items() if outcome is Outcome.CANCELLED}
    given_up |= set(change.dropped)
    satisfied = set(plan.satisfied) - set(change.void)
    gates = {condition: tasks_of_gate(condition, tasks) for condition in CLOSING_CONDITIONS}
    return tuple(
        condition
        for condition, gate in gates.items()
        if condition not in satisfied and (not gate or given_up & set(gate))
    )
