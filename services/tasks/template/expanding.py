"""From a proposed task to an adopted one: needs expanded, window and rule read."""

from collections.abc import Sequence

from services.tasks.template.proposal import GATES, ProposedDecreeTask, ProposedTask
from shared.calendar import Rule, Window
from shared.contracts.tasks import DecreeTask, ProcedureTask


def needs_of(task: ProposedTask, tasks: Sequence[ProposedTask]) -> tuple[int, ...]:
    """The numbers that the task needs, each once; `gates` becomes every other task with a gate."""
    numbers: dict[int, None] = {}
    for need in task.needs:
        if need == GATES:
            numbers |= dict.fromkeys(other.number for other in tasks if other.gate and other is not task)
        else:
            numbers[need] = None
    return tuple(numbers)


def task_of(task: ProposedTask, tasks: Sequence[ProposedTask]) -> ProcedureTask:
    """Read a task of a checked proposal."""
    return ProcedureTask(
        number=task.number,
        workstream=task.workstream,
        title=task.title,
        lead=task.lead,
        co_executors=task.co_executors,
        needs=needs_of(task, tasks),
        window=Window.parse(task.window),
        evidence=task.evidence,
        gate=task.gate,
        needs_dates=task.needs_dates,
        of_receiver=task.of_receiver,
        days=task.days,
        completed_by=task.completed_by,
        counts_by=task.counts_by,
    )


def decree_task_of(task: ProposedDecreeTask) -> DecreeTask:
    """Read a decree's task of a checked proposal."""
    return DecreeTask(
        number=task.number,
        workstream=task.workstream,
        title=task.title,
        lead=task.lead,
        co_executors=task.co_executors,
        due=str(Rule.parse(task.due)),
        roll=task.roll,
        evidence=task.evidence,
        completed_by=task.completed_by,
    )
