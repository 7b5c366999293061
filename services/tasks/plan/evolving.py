"""How each event changes a plan; nothing is decided here."""

from dataclasses import replace
from typing import TYPE_CHECKING

from services.tasks.plan.state import PlanState
from services.tasks.plan.terms import ClosingDates, Order
from shared.contracts import tasks as said
from shared.contracts.event import Event
from shared.contracts.registry import HOST_NOTIFIED

if TYPE_CHECKING:
    from services.tasks.plan.plan import Plan


def evolve(plan: "Plan", event: Event) -> None:
    """Change a plan by one event."""
    match event:
        case said.PlanDrafted():
            _begin(plan, event)
        case said.PlanScheduled():
            plan.dates = ClosingDates(event.public_on, event.official_on)
            plan.calendar_version, plan.host_calendar = event.calendar_version, event.host_calendar
        case said.PlanApproved():
            plan.state, plan.baseline = PlanState.APPROVED, event
        case said.PlanReplanned():
            _change(plan, event)
        case said.PlanRetargeted():
            plan.order = replace(plan.ordered, receiver=event.receiver)
        case said.PlanDropped():
            plan.state, plan.dropped_at = PlanState.DROPPED, plan.last_effective_at
        case said.PlanMeasureExecuted():
            plan.executed_at = plan.last_effective_at
        case said.PlanTaskSettled():
            plan.settled = {**plan.settled, event.task: event.outcome}
            plan.settled_for = {**plan.settled_for, event.task: plan.dates}
            plan.evidence = {**plan.evidence, event.task: event.evidence}
        case said.PlanGateSatisfied():
            plan.satisfied = tuple(dict.fromkeys((*plan.satisfied, event.condition)))
            if event.condition == HOST_NOTIFIED:
                plan.notified = event
        case said.PlanCompleted():
            plan.state = PlanState.COMPLETED
        case said.PlanStaffOutcomeNoted():
            plan.outcomes = tuple(dict.fromkeys((*plan.outcomes, event.staff)))


def _begin(plan: "Plan", event: said.PlanDrafted) -> None:
    plan.former = (*plan.former, *(task.task for task in plan.tasks))
    plan.state, plan.tasks, plan.drafted_at = PlanState.DRAFT, event.tasks, event.drafted_at
    plan.order = Order(
        decree=event.decree,
        article=event.article,
        mission=event.mission,
        measure_kind=event.measure_kind,
        receiver=event.receiver,
        template=event.template,
        template_version=event.template_version,
        calendar=event.calendar,
        roll=event.roll,
        warn_days=event.warn_days,
        host=event.host,
    )
    # Older events do not tell since when; then it is since they are effective.
    plan.begun_at, plan.dropped_at = event.drafted_at or plan.last_effective_at, None
    plan.superseded, plan.satisfied, plan.notified, plan.outcomes = (), (), None, ()
    plan.dates, plan.calendar_version, plan.host_calendar, plan.baseline = None, 0, None, None
    plan.settled, plan.settled_for, plan.evidence = {}, {}, {}


def _change(plan: "Plan", event: said.PlanReplanned) -> None:
    changed = {task.task: task for task in event.changed}
    plan.tasks = (*(changed.get(task.task, task) for task in plan.tasks), *event.added)
    plan.superseded = (*plan.superseded, *event.superseded)
    plan.satisfied = tuple(one for one in plan.satisfied if one not in event.void)
    if HOST_NOTIFIED in event.void:
        plan.notified = None
    if event.added and plan.state is PlanState.COMPLETED:
        plan.state = PlanState.DRAFT if plan.baseline is None else PlanState.APPROVED
    if event.calendar != plan.ordered.calendar:
        plan.calendar_version = 0
    plan.order = replace(
        plan.ordered,
        template_version=event.template_version,
        calendar=event.calendar,
        roll=event.roll,
        warn_days=event.warn_days,
    )
