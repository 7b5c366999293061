"""Which closing of a mission something belongs to, as far as its plans and its reopenings tell.

A mission closes by one measure at a time, and by another once it was opened again. What happens is of the
closing that had begun by its effective moment and was not over then, whenever it is told.
"""

from datetime import datetime

from services.tasks.mission import Mission
from services.tasks.plan import Plan
from shared.contracts.registry import StaffOutcome
from shared.eventstore.command import Turn


def closing_at(turn: Turn, mission: Mission, at: datetime) -> Plan | None:
    """The plan of the measure by which the mission was closing at a moment, None where it was not.

    A closing lasts until it is called off or the mission is opened again: whoever was still posted there when
    it closed gets an outcome of it later (decision 0024).
    """
    plans = [plan for plan in turn.get_all(Plan, mission.plans) if plan.closes_mission(mission.id)]
    begun = [(plan.begun_at, plan) for plan in plans if plan.begun_at is not None and plan.begun_at <= at]
    if not begun:
        return None
    began, latest = max(begun, key=lambda one: one[0])
    over = latest.dropped_by(at) or mission.reopened_between(began, at)
    return None if over else latest


def note_staff_outcome(
    turn: Turn, left: str, staff: str, outcome: StaffOutcome, to_mission: str | None
) -> None:
    """Note what became of a person on the plan of the closing of the mission that was left, if any."""
    plan = closing_at(turn, turn.get(Mission, left), turn.moment.effective_at)
    if plan is not None:
        plan.note_staff_outcome(staff, outcome, to_mission, turn.moment)
