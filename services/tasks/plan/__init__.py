"""Plans: the tasks of one measure, and the conditions that they gate."""

from services.tasks.plan.plan import Order, Plan, PlanWithoutDate

__all__ = ["Order", "Plan", "PlanWithoutDate"]
