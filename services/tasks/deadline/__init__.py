"""Deadlines: one for each task, an aggregate of its own."""

from services.tasks.deadline.deadline import Deadline
from services.tasks.deadline.standing import TOLERANCE, Ending, Granted, Ground, Miss, Suspension

__all__ = ["TOLERANCE", "Deadline", "Ending", "Granted", "Ground", "Miss", "Suspension"]
