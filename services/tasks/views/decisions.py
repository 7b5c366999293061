"""One row per decision of a meeting: its tasks with their states, and whether it is open.

The tasks of a decision are named after it, so that their events find its row.
"""

import re
from collections.abc import Iterable
from typing import Any

from services.tasks.meeting.following import DecisionState, state_of_decision
from services.tasks.task import TaskState
from services.tasks.views.tasks import STATES
from shared.contracts import tasks as said
from shared.eventstore.record import Record
from shared.projections.view import View

_TASK = re.compile(r"(.+-d[0-9]+)-t[0-9]+")


class DecisionsView(View):
    """Answers which decisions are open, and what became of the others."""

    name = "decisions"
    facets = ("meeting", "decree", "state")

    def keys(self, record: Record) -> Iterable[str]:
        """The decision, for what is said of it and for the steps of its tasks."""
        event = record.event
        if isinstance(event, said.MeetingDecided | said.MeetingDecisionSettled):
            return (event.decision,)
        if isinstance(event, said.TaskFact) and event.plan is None and type(event) in STATES:
            named = _TASK.fullmatch(event.task)
            return () if named is None else (named[1],)
        return ()

    def fold(self, key: str, doc: dict[str, Any] | None, record: Record) -> dict[str, Any] | None:
        """Apply one event of the decision or of one of its tasks."""
        event = record.event
        row: dict[str, Any] = {"tasks": {}, "settled": None} if doc is None else doc
        match event:
            case said.MeetingDecided():
                names = ("meeting", "decree", "decision", "number", "item", "text")
                told = event.model_dump(mode="json")
                row |= {name: told[name] for name in names} | {"decided_at": record.effective_at.isoformat()}
            case said.MeetingDecisionSettled():
                told = event.model_dump(mode="json")
                row["settled"] = {name: told[name] for name in ("outcome", "note", "evidence", "by")}
            case said.TaskFact():
                row["tasks"][event.task] = STATES[type(event)].value
        outcome = None if row["settled"] is None else said.DecisionOutcome(row["settled"]["outcome"])
        state = state_of_decision((TaskState(state) for state in row["tasks"].values()), outcome)
        # Its tasks are recorded before it is, and until then nothing can be found by it.
        row["state"] = state.value if "meeting" in row else DecisionState.OPEN.value
        return row
