"""One row per task: what it is, who has it, how it stands and until when."""

from collections.abc import Iterable
from typing import Any

from services.tasks.task import TaskState
from services.tasks.views.standing import no_deadline, standing_after
from shared.contracts import tasks as said
from shared.eventstore.record import Record
from shared.projections.view import View

STATES: dict[type[said.TaskFact], TaskState] = {
    said.TaskPlanned: TaskState.PLANNED,
    said.TaskAssigned: TaskState.ASSIGNED,
    said.TaskStarted: TaskState.IN_PROGRESS,
    said.TaskSubmitted: TaskState.SUBMITTED,
    said.TaskAccepted: TaskState.ACCEPTED,
    said.TaskReturned: TaskState.RETURNED,
    said.TaskCancelled: TaskState.CANCELLED,
}
"""The state in which each event leaves its task; the other events leave the state as it is."""


class TasksView(View):
    """Answers lists of tasks and counts them by decree, department and state."""

    name = "tasks"
    version = 5
    facets = ("decree", "measure", "mission", "department", "state", "plan", "missed", "meeting", "decision")

    def keys(self, record: Record) -> Iterable[str]:
        """The task itself, for its own events and those of its deadline."""
        return (record.id,) if record.kind in ("task", "deadline") else ()

    def fold(self, key: str, doc: dict[str, Any] | None, record: Record) -> dict[str, Any] | None:
        """Apply one event of the task or of its deadline."""
        event = record.event
        if isinstance(event, said.TaskPlanned):
            row = event.model_dump(mode="json")
            row |= {"opens_rule": row.pop("opens"), "due_rule": row.pop("due")}
            row |= {"evidence_named": row.pop("evidence"), "evidence": [], "assignee": None}
            row |= no_deadline() | {"reason": None, "submitted_at": None, "submitted_recorded_at": None}
        else:
            row = {} if doc is None else doc
        if isinstance(event, said.TaskFact):
            row |= _changed(event) | {"version": record.version}
        elif isinstance(event, said.DeadlineFact):
            row |= standing_after(event, row)
        if isinstance(event, said.TaskEvidenceAttached):
            row["evidence"] = row["evidence"] + event.model_dump(mode="json")["evidence"]
        row["changed_at"] = record.recorded_at.isoformat()
        return row


def _changed(event: said.TaskFact) -> dict[str, Any]:
    changed: dict[str, Any] = {"department": event.department}
    if state := STATES.get(type(event)):
        changed["state"] = state.value
    match event:
        case said.TaskAssigned():
            changed |= {"co_executors": list(event.co_executors), "assignee": event.assignee}
        case said.TaskSubmitted():
            told = event.model_dump(mode="json")
            changed |= {name: told[name] for name in ("evidence", "submitted_at", "submitted_recorded_at")}
        case said.TaskReturned() | said.TaskCancelled():
            changed["reason"] = event.reason
    return changed
