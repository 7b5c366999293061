"""How each event changes a task; nothing is decided here."""

from typing import TYPE_CHECKING

from services.tasks.task.state import TaskState
from services.tasks.task.terms import TERMS
from shared.contracts import tasks as said
from shared.contracts.event import Event

if TYPE_CHECKING:
    from services.tasks.task.task import Task


def evolve(task: "Task", event: Event) -> None:
    """Change a task by one event."""
    match event:
        case said.TaskPlanned():
            task.terms, task.stepped_at = event, event.planned_at
            _given_to(task, event.department, event.co_executors)
        case said.TaskReplanned():
            told = {name: getattr(event, name) for name in TERMS}
            task.terms = task.planned.model_copy(update=told)
            _given_to(task, event.department, event.co_executors)
        case said.TaskAssigned():
            task.state, task.assignee = TaskState.ASSIGNED, event.assignee
            task.stepped_at = event.assigned_at
            _given_to(task, event.department, event.co_executors)
            _did(task, () if event.assignee is None else (event.assignee,))
        case said.TaskStarted():
            task.state, task.stepped_at = TaskState.IN_PROGRESS, event.started_at
            _did(task, event.by)
        case said.TaskEvidenceAttached():
            task.evidence = (*task.evidence, *event.evidence)
            _did(task, event.by)
        case said.TaskPartReported():
            others = tuple(part for part in task.parts_done if part != event.part)
            task.parts_done = (*others, event.part) if event.done else others
            _did(task, event.by)
        case said.TaskSubmitted():
            task.state, task.evidence = TaskState.SUBMITTED, event.evidence
            task.stepped_at = task.submitted_at = event.submitted_at
            task.submitted_recorded_at, task.in_time = event.submitted_recorded_at, event.in_time
            task.blocked = None
            _did(task, event.by)
        case said.TaskReturned():
            task.state, task.stepped_at = TaskState.RETURNED, event.returned_at
        case said.TaskAccepted() | said.TaskCancelled():
            _end(task, event)
        case said.TaskCommented():
            task.comments = event.number
        case said.TaskBlocked():
            task.blocked, task.blocked_at = event.reason, event.blocked_at
        case said.TaskUnblocked():
            task.blocked = None


def _end(task: "Task", event: said.TaskAccepted | said.TaskCancelled) -> None:
    task.blocked = None
    if isinstance(event, said.TaskCancelled):
        task.state = TaskState.CANCELLED
        return
    task.state, task.evidence = TaskState.ACCEPTED, event.evidence
    task.accepted_at = task.last_effective_at
    shown = event.completion
    # What was handed in before stays: the event only confirms it.
    if shown is not None and task.submitted_at is None:
        task.submitted_at, task.submitted_recorded_at = shown.at, shown.recorded_at
        task.in_time = shown.in_time


def _given_to(task: "Task", lead: str, co_executors: tuple[str, ...]) -> None:
    task.lead, task.co_executors = lead, co_executors
    task.parts_done = tuple(part for part in task.parts_done if part in co_executors)


def _did(task: "Task", subjects: tuple[str, ...]) -> None:
    task.doers = tuple(dict.fromkeys((*task.doers, *subjects)))
