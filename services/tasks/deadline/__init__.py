"""Deadlines: one for each task, an aggregate of its own."""

from services.tasks.deadline.deadline import Deadline
from services.tasks.deadline.foreseeing import Foreseen, foreseen
from services.tasks.deadline.standing import TOLERANCE, Ending, Granted, Ground, Miss, Suspension
from services.tasks.deadline.state import DeadlineState

__all__ = [
    "TOLERANCE",
    "Deadline",
    "DeadlineState",
    "Ending",
    "Foreseen",
    "Granted",
    "Ground",
    "Miss",
    "Suspension",
    "foreseen",
]
