"""Which closing conditions a plan's settled tasks satisfy."""

from collections.abc import Iterable, Mapping

from shared.contracts.tasks import Outcome, PlannedTask


def tasks_of_gate(condition: int, tasks: Iterable[PlannedTask]) -> tuple[str, ...]:
    """The tasks that gate a condition, in the procedure's order."""
    return tuple(task.task for task in tasks if task.gate == condition)


def conditions_of(tasks: Iterable[PlannedTask]) -> tuple[int, ...]:
    """The conditions that the tasks gate, each once, ascending."""
    return tuple(sorted({task.gate for task in tasks if task.gate is not None}))


def satisfies(gate: Iterable[str], settled: Mapping[str, Outcome]) -> bool:
    """Whether every task of a gate is settled and at least one of them was accepted.

    A gate whose tasks were all cancelled shows nothing, so it satisfies nothing: that condition
    needs a waiver, which is not a matter of tasks.
    """
    outcomes = [settled.get(task) for task in gate]
    return None not in outcomes and Outcome.ACCEPTED in outcomes
