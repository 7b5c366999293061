"""From a step of a procedure to a task of a plan."""

from collections.abc import Mapping

from services.tasks.plan.terms import Order
from shared.contracts.tasks import ProcedureTask, TaskPlanned

OFFICIAL_DATE = "official_on"
"""The name of T in deadline rules."""


def planned(plan: str, step: ProcedureTask, order: Order, ids: Mapping[int, str]) -> TaskPlanned:
    """The terms of a task; `ids` are those of the plan's tasks by number, needs that have none fall away."""
    opening = step.window.opening_rule(OFFICIAL_DATE)
    return TaskPlanned(
        task=ids[step.number],
        plan=plan,
        decree=order.decree,
        article=order.article,
        measure=plan,
        mission=order.mission,
        department=step.lead,
        number=step.number,
        workstream=step.workstream,
        title=step.title,
        co_executors=step.co_executors,
        needs=tuple(ids[need] for need in step.needs if need in ids),
        opens=None if opening is None else str(opening),
        due=str(step.window.due_rule(OFFICIAL_DATE)),
        roll=order.roll,
        calendar=order.calendar,
        evidence=step.evidence,
        gate=step.gate,
        template=order.template,
        template_version=order.template_version,
        warn_days=order.warn_days,
        needs_dates=step.needs_dates,
        of_receiver=step.of_receiver,
        days=step.days,
        completed_by=step.completed_by,
        counts_by=step.counts_by,
        host=order.host if step.counts_by.asks_host else None,
    )
