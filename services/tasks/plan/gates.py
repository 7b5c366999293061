"""Which closing conditions a plan's accepted tasks satisfy."""

from collections.abc import Iterable, Mapping

from shared.contracts.tasks import Outcome, PlannedTask


def tasks_of_gate(condition: int, tasks: Iterable[PlannedTask]) -> tuple[str, ...]:
    """The tasks that gate a condition, in the procedure's order."""
    return tuple(task.task for task in tasks if task.gate == condition)


def conditions_of(tasks: Iterable[PlannedTask]) -> tuple[int, ...]:
    """The conditions that the tasks gate, each once, ascending."""
    return tuple(sorted({task.gate for task in tasks if task.gate is not None}))


def satisfies(gate: Iterable[str], settled: Mapping[str, Outcome]) -> bool:
    """Whether every task of a gate was accepted.

    A task that was cancelled shows nothing, so its condition stays unmet: that needs a waiver, which
    is not a matter of tasks.
    """
    return all(settled.get(task) is Outcome.ACCEPTED for task in gate)
