"""What would change if: a holiday, a hold, other dates, a slipped task. Nothing is stored."""

from services.tasks.supposing.differences import differences
from services.tasks.supposing.steps import Dates, Holiday, Lift, Pause, Slip, Step, take

__all__ = ["Dates", "Holiday", "Lift", "Pause", "Slip", "Step", "differences", "take"]
