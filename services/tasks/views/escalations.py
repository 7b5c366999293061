"""One row per escalated task: the steps taken, who answers for them, and when the next is due."""

from collections.abc import Iterable
from typing import Any

from services.tasks.escalation import EscalationState
from shared.contracts import tasks as said
from shared.eventstore.record import Record
from shared.projections.view import View
from shared.service.made_due import made_due_by

ABOUT = ("task", "plan", "decree", "article", "measure", "mission", "lead")
TAKEN = ("step", "key", "title", "to", "department", "role", "head", "on", "due_at", "late")
SETS_NEXT = (
    said.EscalationBegun,
    said.EscalationRaised,
    said.EscalationAcknowledged,
    said.EscalationResumed,
)
ANSWERED = ("step", "by", "note", "since", "until")


class EscalationsView(View):
    """Answers lists of escalations, and when the next step of each is due.

    `department` is the one that the last step went to, `lead` the task's. The steps and the answers are
    those of the present ladder; `ladders` counts how often one was begun. `made_due_by` is the event that
    told last when a step is due: the ladder's beginning, a step, an answer, or a resumption.
    """

    name = "escalations"
    version = 2
    facets = ("decree", "measure", "mission", "department", "lead", "plan", "state")
    due = "next_at"

    def keys(self, record: Record) -> Iterable[str]:
        """The task."""
        return (record.id,) if record.kind == "escalation" else ()

    def fold(self, key: str, doc: dict[str, Any] | None, record: Record) -> dict[str, Any] | None:
        """Apply one event of the escalation."""
        row: dict[str, Any] = {} if doc is None else doc
        event, told = record.event, record.event.model_dump(mode="json")
        match event:
            case said.EscalationBegun():
                row = _begun(told, row.get("ladders", 0))
            case said.EscalationRaised():
                row |= {name: told[name] for name in ("step", "steps", "department", "next_at")}
                row["taken"] = [*row["taken"], {name: told[name] for name in TAKEN}]
                row["state"] = EscalationState.CLIMBING.value
            case said.EscalationAcknowledged():
                row["answered"] = [*row["answered"], {name: told[name] for name in ANSWERED}]
                row["next_at"] = told["next_at"]
                if row["state"] != EscalationState.SUSPENDED:
                    row["state"] = EscalationState.ACKNOWLEDGED.value
            case said.EscalationSuspended():
                row |= {"state": EscalationState.SUSPENDED.value, "next_at": None}
            case said.EscalationResumed():
                row |= {"state": _going(row), "next_at": told["next_at"]}
            case said.EscalationEnded():
                row |= {"state": EscalationState.ENDED.value, "next_at": None, "ended": told["ground"]}
        if isinstance(event, SETS_NEXT):
            row |= made_due_by(record)
        return row | {"version": record.version, "changed_at": record.recorded_at.isoformat()}


def _begun(told: dict[str, Any], ladders: int) -> dict[str, Any]:
    return {
        **{name: told[name] for name in (*ABOUT, "department", "policy", "policy_version", "due_on")},
        "counted_from": told["counted_from"],
        "next_at": told["next_at"],
        "state": EscalationState.CLIMBING.value,
        "step": 0,
        "steps": None,
        "taken": [],
        "answered": [],
        "ended": None,
        "ladders": ladders + 1,
    }


def _going(row: dict[str, Any]) -> str:
    answered = any(one["step"] == row["step"] for one in row["answered"])
    return (EscalationState.ACKNOWLEDGED if answered else EscalationState.CLIMBING).value
