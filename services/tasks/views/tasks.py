"""One row per task: what it is, who has it, how it stands and until when."""

from collections.abc import Iterable
from typing import Any

from services.tasks.task import TaskState
from services.tasks.task.terms import TERMS
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


RENAMED = {"opens": "opens_rule", "due": "due_rule", "evidence": "evidence_named"}
"""Terms that rows have under other names, since their own are those of what became of them."""


class TasksView(View):
    """Answers lists of tasks and counts them by decree, department and state."""

    name = "tasks"
    version = 7
    facets = ("decree", "measure", "mission", "department", "state", "plan", "missed", "meeting", "decision")
    tallied = ("decree", "department", "state")

    def keys(self, record: Record) -> Iterable[str]:
        """The task itself, for its own events and those of its deadline."""
        return (record.id,) if record.kind in ("task", "deadline") else ()

    def fold(self, key: str, doc: dict[str, Any] | None, record: Record) -> dict[str, Any] | None:
        """Apply one event of the task or of its deadline."""
        event = record.event
        if isinstance(event, said.TaskPlanned):
            row = event.model_dump(mode="json")
            row |= {name: row.pop(field) for field, name in RENAMED.items()}
            row |= {"evidence": [], "assignee": None}
            row |= {"parts_done": [], "blocked": None, "comments": 0, "waiver": None, "completion": None}
            row["settled_at"] = None
            row |= no_deadline() | {"reason": None, "submitted_at": None, "submitted_recorded_at": None}
        else:
            row = {} if doc is None else doc
        if isinstance(event, said.TaskFact):
            row |= _changed(event) | {"version": record.version}
            row["parts_done"] = _parts(event, row)
            if isinstance(event, said.TaskAccepted) and event.completion and row["submitted_at"] is None:
                told = event.completion.model_dump(mode="json")
                row |= {"submitted_at": told["at"], "submitted_recorded_at": told["recorded_at"]}
        elif isinstance(event, said.DeadlineFact):
            row |= standing_after(event, row)
        if isinstance(event, said.TaskEvidenceAttached):
            row["evidence"] = row["evidence"] + event.model_dump(mode="json")["evidence"]
        if isinstance(event, said.TaskAccepted | said.TaskCancelled):
            row["settled_at"] = record.effective_at.isoformat()
        row["changed_at"] = record.recorded_at.isoformat()
        return row


def _changed(event: said.TaskFact) -> dict[str, Any]:
    changed: dict[str, Any] = {"department": event.department}
    if state := STATES.get(type(event)):
        changed["state"] = state.value
    match event:
        case said.TaskAssigned():
            changed |= {"co_executors": list(event.co_executors), "assignee": event.assignee}
        case said.TaskReplanned():
            told = event.model_dump(mode="json")
            changed |= {name: told[name] for name in TERMS if name not in RENAMED}
            changed |= {name: told[field] for field, name in RENAMED.items()}
        case said.TaskBlocked() | said.TaskUnblocked():
            changed["blocked"] = event.reason if isinstance(event, said.TaskBlocked) else None
        case said.TaskCommented():
            changed["comments"] = event.number
        case said.TaskAccepted():
            told = event.model_dump(mode="json")
            changed |= {"evidence": told["evidence"], "waiver": told["waiver"]}
            changed |= {"completion": told["completion"], "blocked": None}
        case said.TaskSubmitted():
            told = event.model_dump(mode="json")
            changed |= {name: told[name] for name in ("evidence", "submitted_at", "submitted_recorded_at")}
            changed["blocked"] = None
        case said.TaskReturned():
            changed["reason"] = event.reason
        case said.TaskCancelled():
            changed |= {"reason": event.reason, "blocked": None}
    return changed


def _parts(event: said.TaskFact, row: dict[str, Any]) -> list[str]:
    """The co-executors that have reported their parts as done, as the aggregate keeps them."""
    done: list[str] = row["parts_done"]
    if isinstance(event, said.TaskPartReported):
        done = [part for part in done if part != event.part]
        done += [event.part] if event.done else []
    return [part for part in done if part in row["co_executors"]]
