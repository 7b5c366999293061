"""Plans: the tasks of one measure, and the conditions that they gate."""

from services.tasks.plan.plan import ClosingDates, Order, Plan, PlanWithoutDate

__all__ = ["ClosingDates", "Order", "Plan", "PlanWithoutDate"]
