"""One row per plan: its dates, its tasks by state, its conditions, and what became of staff.

Of the `conditions` that the plan gates, some are `satisfied`, and some are `out_of_reach`: a task that
gates them was cancelled, so that no task can satisfy them any more.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from services.tasks.plan.gates import conditions_of
from services.tasks.views.tasks import STATES
from shared.contracts import tasks as said
from shared.eventstore.record import Record
from shared.projections.view import View


class PlansView(View):
    """Answers how far each plan has come."""

    name = "plans"
    version = 2
    facets = ("decree", "mission")

    def keys(self, record: Record) -> Iterable[str]:
        """The plan itself, or the plan of the task."""
        event = record.event
        if isinstance(event, said.PlanFact):
            return (event.plan,)
        if isinstance(event, said.TaskFact) and event.plan is not None:
            return (event.plan,)
        return ()

    def fold(self, key: str, doc: dict[str, Any] | None, record: Record) -> dict[str, Any] | None:
        """Apply one event of the plan, or count one of its tasks."""
        event = record.event
        row = {} if doc is None else doc
        if isinstance(event, said.TaskFact):
            if state := STATES.get(type(event)):
                row["tasks"][event.task] = state.value
                row["states"] = dict(sorted(Counter(row["tasks"].values()).items()))
            return row
        row["version"] = record.version
        match event:
            case said.PlanDrafted():
                row |= _drafted(event)
            case said.PlanScheduled():
                told = event.model_dump(mode="json")
                row |= {name: told[name] for name in ("public_on", "official_on", "calendar_version")}
            case said.PlanTaskSettled(gate=int(gate), outcome=said.Outcome.CANCELLED):
                row["out_of_reach"] = sorted({*row["out_of_reach"], gate})
            case said.PlanGateSatisfied():
                row["satisfied"] = sorted([*row["satisfied"], event.condition])
            case said.PlanChecklistCompleted():
                row["checklist_completed"] = True
            case said.PlanCompleted():
                row["completed"] = True
            case said.PlanStaffOutcomeNoted():
                row["staff"][event.staff] = {"outcome": event.outcome.value, "to_mission": event.to_mission}
        return row


def _drafted(event: said.PlanDrafted) -> dict[str, Any]:
    row = event.model_dump(mode="json", exclude={"tasks"})
    return row | {
        "public_on": None,
        "official_on": None,
        "calendar_version": None,
        "tasks": {},
        "states": {},
        "conditions": list(conditions_of(event.tasks)),
        "satisfied": [],
        "out_of_reach": [],
        "checklist_completed": False,
        "completed": False,
        "staff": {},
    }
