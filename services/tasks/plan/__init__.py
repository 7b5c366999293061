"""Plans: the tasks of one measure, and the conditions that they gate."""

from services.tasks.plan.plan import Plan
from services.tasks.plan.refusals import NoBaseline, PlanInOtherState, PlanWithoutDate, ReplanFlawed
from services.tasks.plan.state import PlanState
from services.tasks.plan.terms import ClosingDates, Order

__all__ = [
    "ClosingDates",
    "NoBaseline",
    "Order",
    "Plan",
    "PlanInOtherState",
    "PlanState",
    "PlanWithoutDate",
    "ReplanFlawed",
]
