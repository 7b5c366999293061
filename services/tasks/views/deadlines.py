"""One row per task: how its deadline stands, and the next moment about it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from services.tasks.deadline import DeadlineState
from services.tasks.views.in_force import in_force_at, stepped, stood
from services.tasks.views.standing import excuses, no_deadline, standing_after
from shared.contracts import tasks as said
from shared.eventstore.record import Record
from shared.projections.view import View
from shared.service.made_due import MADE_DUE_BY, made_due_by

ABOUT = (
    *("task", "plan", "meeting", "decree", "article", "measure", "mission"),
    *("department", "number", "title"),
)
SETS_DUE_DAY = (said.DeadlineSet, said.DeadlineResumed, said.DeadlineExtended, said.DeadlineSuspended)
RUNS = (DeadlineState.RUNNING, DeadlineState.APPROACHING)


class DeadlinesView(View):
    """Answers lists of deadlines, and when something is next due about each.

    `next_at` is the moment at which it will be near or missed: None while nothing can happen to it, because
    it is not set, suspended, handed in or over. `calendar` is the one that it stands under, and `also` those
    beside it; `host` is the country whose calendar its task asks for. `standing` and
    `steps` are the histories by which it is told as it was at an effective moment (`in_force`).
    `qualified` is whether anything stands beside a miss, `taken_away` whether what does is that nothing was
    due on that day any more. `made_due_by` is the event that set the present due day.
    """

    name = "deadlines"
    version = 9
    facets = (
        "decree",
        "measure",
        "mission",
        "department",
        "state",
        "plan",
        "meeting",
        "missed",
        "calendar",
        "host",
        "qualified",
        "missed_plainly",
        "taken_away",
    )
    tallied = ("decree", "missed", "missed_plainly", "qualified", "state", "taken_away")
    due = "next_at"
    then = "due_at"

    def keys(self, record: Record) -> Iterable[str]:
        """The task, for its own events and those of its deadline."""
        event = record.event
        if isinstance(event, said.TaskFact) or record.kind == "deadline":
            return (record.id,)
        return ()

    def fold(self, key: str, doc: dict[str, Any] | None, record: Record) -> dict[str, Any] | None:
        """Apply one event of the task or of its deadline."""
        event = record.event
        row: dict[str, Any] = {} if doc is None else doc
        match event:
            case said.TaskPlanned():
                row = _planned(event)
            case said.TaskReplanned():
                row |= _counted(event)
            case said.TaskSubmitted() | said.TaskReturned():
                row["handed_in"] = isinstance(event, said.TaskSubmitted)
                submitted = event.model_dump(mode="json").get("submitted_at")
                row["handed_in_at"] = submitted if row["handed_in"] else None
            case said.DeadlineFact():
                changed = standing_after(event, row | {"deadline_state": row["state"]})
                row["state"] = changed.pop("deadline_state", row["state"])
                row |= changed | _clock(event) | {"version": record.version}
                if isinstance(event, SETS_DUE_DAY):
                    row |= made_due_by(record)
                row["standing"] = stood(row, record.effective_at, record.recorded_at)
        if isinstance(event, said.TaskFact | said.DeadlineFact):
            row["department"] = event.department
        if isinstance(event, said.TaskFact):
            row["steps"] = stepped(row, _effective(event, record))
        row |= excuses(row["misses"])
        row["next_at"] = _next(row)
        return row


def _planned(event: said.TaskPlanned) -> dict[str, Any]:
    told, standing = event.model_dump(mode="json"), no_deadline()
    standing["state"] = standing.pop("deadline_state")
    return {
        **{name: told[name] for name in ABOUT},
        **standing,
        **_counted(event),
        "warn_at": None,
        "suspended_since": None,
        "working_days_left": None,
        MADE_DUE_BY: None,
        "handed_in": False,
        "handed_in_at": None,
        "submitted_at": None,
        "submitted_recorded_at": None,
        "on_time": None,
        "version": 0,
        "calendar": None,
        "standing": [],
        "steps": [],
    }


def _counted(event: said.TaskTerms) -> dict[str, Any]:
    return {"counts_by": event.counts_by.value, "host": event.host}


def in_force(row: dict[str, Any], moment: datetime) -> dict[str, Any]:
    """How a deadline was at a moment in law and fact, and when something was next due about it then."""
    was = row | in_force_at(row, moment)
    return was | {"next_at": _next(was)}


def _effective(event: said.TaskFact, record: Record) -> datetime:
    """When a step of the task is effective: dates that change return work after its submission."""
    return event.returned_at if isinstance(event, said.TaskReturned) else record.effective_at


def _clock(event: said.DeadlineFact) -> dict[str, Any]:
    told = event.model_dump(mode="json")
    match event:
        case said.DeadlineSet():
            clock = {"warn_at": told["warn_at"], "suspended_since": None, "working_days_left": None}
            return clock | {"calendar": told["deadline"]["calendar"]}
        case said.DeadlineResumed():
            return {"warn_at": told["warn_at"], "suspended_since": None, "working_days_left": None}
        case said.DeadlineExtended():
            return {"warn_at": told["warn_at"]}
        case said.DeadlineSuspended():
            return {"suspended_since": told["since"], "working_days_left": told["working_days_left"]}
        case said.DeadlineMet():
            return {name: told[name] for name in ("submitted_at", "submitted_recorded_at", "on_time")}
    return {}


def _next(row: dict[str, Any]) -> str | None:
    if row["handed_in"] or row["state"] not in RUNS:
        return None
    if row["state"] == DeadlineState.RUNNING and row["warn_at"] is not None:
        warn_at: str = row["warn_at"]
        return warn_at
    due_at: str = row["due_at"]
    return due_at
