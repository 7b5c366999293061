"""One row per plan: its dates, its tasks by state, its conditions, and what became of staff.

Of the `conditions` that the plan gates, some are `satisfied`, and some are `out_of_reach`: a task that
gates them was cancelled, so that no task can satisfy them any more. `superseded` are tasks for which others
stand, or which the procedure does without now. `baseline` is the last one that was approved. `host` is the
country of the mission's host State, and `host_calendar` the version of its calendar by which tasks that ask
for it are counted. `executed_at` is since when the measure is executed, where it is.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from services.tasks.plan import PlanState
from services.tasks.plan.gates import conditions_of
from services.tasks.views.tasks import STATES
from shared.contracts import tasks as said
from shared.eventstore.record import Record
from shared.projections.view import View


class PlansView(View):
    """Answers how far each plan has come."""

    name = "plans"
    version = 5
    facets = ("decree", "mission", "state")

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
                row |= _drafted(event) | {"drafted_at": record.recorded_at.isoformat()}
            case said.PlanApproved():
                told = event.model_dump(mode="json", include={"baseline", "official_on", "tasks", "reason"})
                row["state"] = PlanState.APPROVED.value
                row["baseline"] = told | {"approved_at": record.recorded_at.isoformat(), "by": list(event.by)}
            case said.PlanReplanned():
                row |= _replanned(event, row)
            case said.PlanRetargeted():
                row["receiver"] = event.receiver
            case said.PlanDropped():
                row |= {"state": PlanState.DROPPED.value, "reason": event.reason}
            case said.PlanScheduled():
                told = event.model_dump(mode="json")
                row |= {
                    name: told[name]
                    for name in ("public_on", "official_on", "calendar_version", "host_calendar")
                }
            case said.PlanTaskSettled(gate=int(gate), outcome=said.Outcome.CANCELLED):
                row["out_of_reach"] = sorted({*row["out_of_reach"], gate})
            case said.PlanGateSatisfied():
                row["satisfied"] = sorted({*row["satisfied"], event.condition})
            case said.PlanChecklistCompleted():
                row["checklist_completed"] = True
            case said.PlanMeasureExecuted():
                row["executed_at"] = record.effective_at.isoformat()
            case said.PlanCompleted():
                row |= {"completed": True, "state": PlanState.COMPLETED.value}
            case said.PlanStaffOutcomeNoted():
                told = {"outcome": event.outcome.value, "to_mission": event.to_mission}
                row["staff"].setdefault(event.staff, told)
        return row


def _drafted(event: said.PlanDrafted) -> dict[str, Any]:
    row = event.model_dump(mode="json", exclude={"tasks"})
    return row | {
        "state": PlanState.DRAFT.value,
        "reason": None,
        "baseline": None,
        "superseded": [],
        "gates": {task.task: task.gate for task in event.tasks},
        "public_on": None,
        "official_on": None,
        "calendar_version": None,
        "host_calendar": None,
        "tasks": {},
        "states": {},
        "conditions": list(conditions_of(event.tasks)),
        "satisfied": [],
        "out_of_reach": [],
        "checklist_completed": False,
        "completed": False,
        "executed_at": None,
        "staff": {},
    }


def _replanned(event: said.PlanReplanned, row: dict[str, Any]) -> dict[str, Any]:
    gates = row["gates"] | {task.task: task.gate for task in (*event.changed, *event.added)}
    superseded = [*row["superseded"], *event.superseded]
    counting = {gate for task, gate in gates.items() if gate is not None and task not in superseded}
    satisfied = [one for one in row["satisfied"] if one not in event.void]
    changed: dict[str, Any] = {
        "gates": gates,
        "superseded": superseded,
        "conditions": sorted(counting),
        "satisfied": satisfied,
        "reason": event.reason,
        "checklist_completed": row["checklist_completed"] and counting <= set(satisfied),
        **{name: getattr(event, name) for name in ("template_version", "calendar", "warn_days")},
    }
    if event.added and row["completed"]:
        state = PlanState.DRAFT if row["baseline"] is None else PlanState.APPROVED
        changed |= {"completed": False, "state": state.value}
    return changed | {"roll": event.roll.value}
